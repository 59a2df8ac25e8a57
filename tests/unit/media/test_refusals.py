"""Files that can't become a video: each gets a code and a sentence that says what to do."""

from __future__ import annotations

import io

import pytest

from processors.media.model import Unplayable
from processors.media.probe import probe
from processors.media.sniff import demuxer
from tests.media_clips import Clip, make
from tests.media_encode import probed

PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nfile:///etc/passwd\n#EXTINF:6,\nhttp://127.0.0.1:1/x.ts\n"


def refusal(data: bytes) -> Unplayable:
    with pytest.raises(Unplayable) as refused:
        probed(data)
    return refused.value


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"", "empty", "empty"),
        (PLAYLIST, "playlist", "points to other files"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist", "points to other files"),
        (b"\xef\xbb\xbf" + PLAYLIST, "playlist", "points to other files"),
        (b"Dear all, find attached the film.\n", "not_video", "a text file"),
        (b"<!DOCTYPE html><title>404</title>", "not_video", "a web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_video", "an image"),
        (b"PK\x03\x04" + bytes(100), "not_video", "an archive"),
        (bytes(range(256)) * 40, "not_video", "not a video"),
        (b"\x00" * 5000, "not_video", "not a video"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(12), "damaged", "Export it again"),
        (b"\x1a\x45\xdf\xa3" + bytes(500), "damaged", "Export it again"),
    ],
)
def test_what_is_not_a_video_is_named(data: bytes, code: str, says: str):
    refused = refusal(data)

    assert refused.code == code
    assert says in refused.message
    assert len(refused.message) < 400


def test_a_file_is_opened_by_its_own_demuxer_whatever_it_is_called():
    pairs = [("mp4", "h264"), ("webm", "vp9"), ("avi", "mpeg4"), ("ts", "mpeg2"), ("mpg", "mpeg2")]
    clips = [Clip(container=container, codec=codec, seconds=0.2, audio=None) for container, codec in pairs]

    names = {clip.container: demuxer(make(clip)) for clip in clips}

    assert names == {"mp4": "mov", "webm": "matroska", "avi": "avi", "ts": "mpegts", "mpg": "mpeg"}


@pytest.mark.parametrize("container", ["mp4", "mkv", "avi"])
@pytest.mark.parametrize("kept", [0.3, 0.7, 0.999])
def test_a_cut_off_file_is_told_from_a_whole_one(container: str, kept: float):
    data = make(Clip(container=container, codec="mpeg4", seconds=1))

    refused = refusal(data[: int(len(data) * kept)])

    assert refused.code == "truncated"
    assert "was cut off" in refused.message


def test_a_cut_off_file_with_its_index_in_front_is_told_too():
    data = make(Clip(container="mov", seconds=2))
    moov, mdat = data.index(b"moov") - 4, data.index(b"mdat") - 4
    front = data[:mdat] if moov > mdat else data
    faststart = front + data[moov:] + data[mdat:moov] if moov > mdat else data

    assert refusal(faststart[: len(faststart) * 3 // 4]).code == "truncated"


def test_a_cut_off_transport_stream_plays_as_far_as_it_goes():
    data = make(Clip(container="ts", codec="mpeg2", seconds=2, audio=None))

    assert 700 < probed(data[: len(data) // 2]).duration_ms < 1600


def test_sound_alone_is_looked_at_by_itself():
    about = probed(make(Clip(seconds=1, pictures=False)))

    assert about.video is None
    assert about.duration_ms == pytest.approx(1000, abs=30)
    assert [stream.codec for stream in about.audio] == ["aac"]


@pytest.mark.parametrize("head", [b"ID3\x04" + bytes(500), b"fLaC" + bytes(500), b"RIFF\x24\x00\x00\x00WAVEfmt "])
def test_a_sound_file_that_can_not_be_read_is_refused(head: bytes):
    assert refusal(head).code in ("damaged", "no_video", "no_audio", "no_frames")


def test_a_video_without_one_good_frame_is_refused():
    data = bytearray(make(Clip(seconds=1, audio=None)))
    start = data.index(b"mdat") + 4
    size = int.from_bytes(data[start - 8 : start - 4], "big") - 8
    data[start : start + size] = bytes([0xFF, 0x00]) * (size // 2) + bytes(size % 2)

    assert refusal(bytes(data)).code == "no_frames"


def test_a_damaged_place_in_the_middle_does_not_end_the_video():
    clean = make(Clip(container="ts", codec="mpeg2", seconds=3, audio=None))
    at = len(clean) // 188 // 2 * 188
    broken = clean[: at + 8] + bytes(400) + clean[at + 408 :]

    assert probed(broken).duration_ms == pytest.approx(3000, abs=60)


def test_a_picture_that_is_too_large_is_refused():
    data = make(Clip(container="mkv", width=8200, height=16, seconds=0.1, audio=None))

    refused = refusal(data)

    assert refused.code == "too_large"
    assert "8200x16" in refused.message


def test_a_lying_container_is_measured():
    data = make(Clip(container="mkv", seconds=2, audio=None))
    at = data.index(b"\x44\x89\x88") + 3
    lie = data[:at] + bytes.fromhex("4122750000000000") + data[at + 8 :]

    assert probed(lie).duration_ms == pytest.approx(2000, abs=2)


def test_tags_say_nothing_of_people_or_places():
    file = io.BytesIO(
        make(
            Clip(
                container="mkv", seconds=0.2, audio=None, tags={"title": "Clock", "ARTIST": "Ann", "location": "+48.1"}
            )
        )
    )

    tags = probe(file, len(file.getvalue())).tags

    assert tags["title"] == "Clock"
    assert not {"artist", "location"} & set(tags)


def test_tags_that_are_no_text_do_not_end_the_job():
    data = make(Clip(container="mkv", seconds=0.2, audio=None, tags={"title": "ABCDEFGH"}))

    tags = probed(data.replace(b"ABCDEFGH", b"AB\xff\xfe\xc3\x28GH")).tags

    assert tags["title"].startswith("AB?")
    assert tags["title"].isascii()
