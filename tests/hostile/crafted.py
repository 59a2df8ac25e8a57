"""Files made with intent: bombs, disguises, tricks with names. Each says what it tries."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import av
from av.video.frame import VideoFrame

from tests.media_clips import Clip, make

DAY_MS = 24 * 3_600_000
PLAIN = Clip(width=96, height=64, fps=12, seconds=1)


def crafted(address: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes. `address` is a listening one that nobody may contact, beside a file that nobody may read."""
    yield from _bombs()
    yield from _disguises(address)
    yield from _empty_tracks()


def _bombs() -> Iterator[tuple[str, bytes]]:
    mp4 = make(PLAIN)
    yield "bomb: a picture of 65535x65535 in an MP4", _sized(mp4, 65535, 65535)
    yield "bomb: pictures that are a hundred times as large decoded", _large_pictures()
    yield "bomb: two frames, a day apart", _far_apart(DAY_MS - 1000)
    yield "bomb: a frame after a month", _far_apart(30 * DAY_MS)
    yield "bomb: 200 million frames of one byte", _many_frames(mp4, 200_000_000)
    yield "bomb: a time table of 4 billion entries", _replaced(mp4, b"stts", struct.pack(">II", 0, 0xFFFFFFFF))
    yield "bomb: an edit list that never ends", _edits(mp4, [(0, -1, 1)] * 200_000)
    yield "bomb: edits that show one frame for a day", _edits(mp4, [(DAY_MS, 0, 0)] * 50)
    yield "bomb: an edit of 2^32 ms before the first frame", _edits(mp4, [(0xFFFFFFFF, -1, 1), (1000, 0, 1)])
    yield "bomb: boxes in boxes", _nested(2_000)
    yield "bomb: 5000 streams", _streams(mp4, 5_000)


def _disguises(address: str) -> Iterator[tuple[str, bytes]]:
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nhttp://{address}/a.ts\n#EXTINF:6,\nfile:///etc/passwd\n"
    yield "disguise: an HLS playlist", playlist.encode()
    yield "disguise: an HLS playlist after a BOM and blanks", b"\xef\xbb\xbf \r\n" + playlist.encode()
    yield "disguise: a concat script", f"ffconcat version 1.0\nfile 'http://{address}/a.mp4'\n".encode()
    yield "disguise: a DASH manifest", f'<?xml version="1.0"?><MPD><BaseURL>http://{address}/</BaseURL></MPD>'.encode()
    yield "disguise: a session description", f"v=0\nc=IN IP4 {address.split(':')[0]}\nm=video 9 RTP/AVP 96\n".encode()
    yield "disguise: a playlist in the box of an MP4", _box(b"ftyp", b"isom" + bytes(4)) + playlist.encode()
    yield "disguise: text that begins as an MP4 does", b"\x00\x00\x00\x18ftypisom" + b"It was a dark night. " * 400
    yield "disguise: a movie that refers to another by name", _reference(address.encode())
    mp4 = make(PLAIN)
    for link in (f"http://{address}/x", "file:///etc/passwd", "../../etc/passwd"):
        yield f"disguise: data of an MP4 at {link.split(':')[0]}", _elsewhere(mp4, link.encode())
    yield "trick: names that lead out of a folder", _named("../../../../etc/passwd\x00.mp4")


def _empty_tracks() -> Iterator[tuple[str, bytes]]:
    mp4 = make(PLAIN)
    yield "empty: a track without samples", _replaced(mp4, b"stsz", struct.pack(">III", 0, 0, 0))
    yield "empty: a track of samples without bytes", _replaced(mp4, b"stsz", struct.pack(">III", 0, 0, 12) + bytes(48))
    yield "empty: a track whose samples last no time", _replaced(mp4, b"stts", struct.pack(">IIII", 0, 1, 12, 0))
    yield "empty: a file of zeros that calls itself a movie", _box(b"ftyp", b"isom" + bytes(4)) + bytes(10_000)
    yield "empty: a Matroska head and nothing more", bytes.fromhex("1a45dfa3") + bytes(200)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def _replaced(mp4: bytes, name: bytes, body: bytes) -> bytes:
    """The first such box with another body; what is over of the old one becomes free space, else the box grows.

    Boxes around it are not told: a demuxer that trusts them meets the body's end inside another box.
    """
    at = mp4.index(name) - 4
    length = int.from_bytes(mp4[at : at + 4], "big")
    spare = length - 8 - len(body)
    filled = _box(name, body) + (_box(b"free", bytes(spare - 8)) if spare >= 8 else bytes(max(0, spare)))
    return _grown(mp4[:at] + filled + mp4[at + length :], at, len(filled) - length)


def _grown(mp4: bytes, at: int, more: int) -> bytes:
    """The boxes around a place made larger by so many bytes."""
    data, start, end = bytearray(mp4), 0, len(mp4)
    while start + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, start)
        if length < 8 or start >= at:
            break
        if start + length > at and name in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts"):
            struct.pack_into(">I", data, start, length + more)
            start, end = start + 8, start + length + more
        else:
            start += length
    return bytes(data)


def _sized(mp4: bytes, width: int, height: int) -> bytes:
    """The sample entry's own fields (ISO 14496-12, 12.1.3)."""
    data = bytearray(mp4)
    at = mp4.index(b"avc1", mp4.index(b"stsd"))
    struct.pack_into(">HH", data, at + 28, width, height)
    return bytes(data)


def _many_frames(mp4: bytes, count: int) -> bytes:
    timed = _replaced(mp4, b"stts", struct.pack(">IIII", 0, 1, count, 1))
    return _replaced(timed, b"stsz", struct.pack(">III", 0, 1, count))


def _edits(mp4: bytes, entries: list[tuple[int, int, int]]) -> bytes:
    body = struct.pack(">II", 0, len(entries)) + b"".join(struct.pack(">IiI", a, b, c << 16) for a, b, c in entries)
    return _replaced(mp4, b"elst", body)


def _nested(depth: int) -> bytes:
    inside = b""
    for _ in range(depth):
        inside = _box(b"trak", inside)
    return _box(b"ftyp", b"isom" + bytes(4)) + _box(b"moov", inside)


def _streams(mp4: bytes, count: int) -> bytes:
    at = mp4.index(b"trak") - 4
    track = mp4[at : at + int.from_bytes(mp4[at : at + 4], "big")]
    more = track * count
    return _grown(mp4[:at] + more + mp4[at:], at, len(more))


def _reference(link: bytes) -> bytes:
    """QuickTime's reference movie: an address instead of a film."""
    rdrf = _box(b"rdrf", struct.pack(">I4sI", 0, b"url ", len(link) + 8) + b"http://" + link + b"\0")
    return _box(b"ftyp", b"qt  " + bytes(4)) + _box(b"moov", _box(b"rmra", _box(b"rmda", rdrf)))


def _elsewhere(mp4: bytes, link: bytes) -> bytes:
    """Its data reference leads to another file (ISO 14496-12, 8.7.2)."""
    entry = _box(b"url ", bytes(4) + link + b"\0")
    return _replaced(mp4, b"dref", struct.pack(">II", 0, 1) + entry)


def _named(name: str) -> bytes:
    return make(Clip(container="mkv", width=96, height=64, fps=12, seconds=0.5, tags={"title": name, "filename": name}))


def _far_apart(gap_ms: int) -> bytes:
    """A Matroska file of two frames."""
    return make(
        Clip(
            container="mkv", width=96, height=64, audio=None, seconds=gap_ms / 1000 + 1,
            time_of=lambda number: 0.0 if number == 0 else gap_ms / 1000 if number == 1 else 1e12,
        )
    )  # fmt: skip


def _large_pictures() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        stream = container.add_stream("mjpeg", rate=4)
        stream.width = stream.height = 8192
        stream.pix_fmt = "yuvj420p"
        frame = VideoFrame(8192, 8192, "yuvj420p")
        for frame.pts in range(2):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()
