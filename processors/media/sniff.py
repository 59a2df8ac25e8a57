"""Tell what a file is from its first bytes, so that no demuxer is ever guessed.

libavformat's own guessing opens playlists, which then read other files and fetch addresses; here a file is
opened with the one demuxer its signature names, or not at all.
"""

from __future__ import annotations

from processors.media.model import Unplayable

HEAD_BYTES = 64 * 1024
TS_PACKETS = {"mpegts": 188, "m2ts": 192}
MOV_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"moof"}
SIGNATURES: dict[bytes, str] = {
    b"\x1a\x45\xdf\xa3": "matroska",
    b"FLV\x01": "flv",
    b"OggS": "ogg",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": "asf",
    b"\x00\x00\x01\xba": "mpeg",
    b"\x06\x0e\x2b\x34\x02\x05\x01\x01": "mxf",
    b"ID3": "mp3",
    b"\xff\xfb": "mp3",
    b"fLaC": "flac",
}
NOT_VIDEO: dict[bytes, str] = {
    b"#EXTM3U": "a playlist",
    b"ffconcat": "a playlist",
    b"[playlist]": "a playlist",
    b"<?xml": "a text file",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"PK\x03\x04": "an archive",
    b"\x1f\x8b": "an archive",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
    b"%PDF": "a PDF document",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}


def demuxer(head: bytes) -> str:
    """The demuxer for a file that begins with `head` (up to HEAD_BYTES).

    Raises Unplayable: `empty`, `playlist`, `not_video`.
    """
    if not head:
        raise Unplayable("empty", "The file is empty. Check that the export finished, and upload it again.")
    found = _by_signature(head)
    if found is None:
        raise _refusal(head)
    return found


def _by_signature(head: bytes) -> str | None:
    if head[4:8] in MOV_BOXES:
        return "mov"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    for signature, name in SIGNATURES.items():
        if head.startswith(signature):
            return name
    return "mpegts" if _is_transport_stream(head) else None


def _is_transport_stream(head: bytes) -> bool:
    """Five sync bytes at a packet's distance (ISO 13818-1), wherever the first packet begins."""
    return any(
        all(head[start + n * size : start + n * size + 1] == b"\x47" for n in range(5))
        for size in TS_PACKETS.values()
        for start in range(2 * size)
    )


def _refusal(head: bytes) -> Unplayable:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    kind = next((kind for start, kind in NOT_VIDEO.items() if text.startswith(start)), None)
    if kind == "a playlist":
        return Unplayable("playlist", "The file is a playlist that points to other files. Upload the video itself.")
    if kind is None and head[:4] == b"RIFF":
        kind = "an image"
    if kind is None and b"\x00" not in head and head.isascii():
        kind = "a text file"
    what = f"The file is {kind}, not a video." if kind else "The file is not a video in a format we know."
    return Unplayable(
        "not_video",
        f"{what} Upload MP4, MOV, WebM, MKV, AVI, MPEG, TS, FLV, WMV, MXF, or sound as M4A, MP3, FLAC, WAV or Ogg.",
    )
