"""Apple's HLS authoring specification as a list: each test bears the number of its rule.

Applied to the playlists and bytes of a video of two rungs that has two seams, growing and complete. Elsewhere:
1.10 `hvc1` and 1.1 codecs (`test_codecs`), 1.14 deinterlacing and 1.24 SDR (`test_picture`), 1.19 at most 60 frames a
second (`test_encode`), 10.1 gzip (`gateway/test_manifests`).
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import imageio_ffmpeg
import pytest

from processors.media import hls
from processors.media.boxes import timing
from processors.media.codec_names import codecs
from processors.media.model import Segment
from processors.media.presentation import Presentation
from tests.media_clips import Clip, make
from tests.media_encode import Encoded, encoded
from tests.media_playlists import Entry, Playlist, read

SOUND = "audio"
RUNGS = ("360p", "480p")
FIRST_STARTS = [0, 2, 4, 6, 12]  # seconds: three short segments, then six each
STORED = 4  # segments of a growing video
IDR = 5  # NAL unit type, H.264 7.4.1


@pytest.fixture(scope="module")
def video() -> Encoded:
    """Fourteen seconds at 29.97 frames a second in chunks of 6, 6 and 2 s."""
    clip = Clip(width=640, height=480, seconds=14.014, fps=Fraction(30000, 1001))
    return encoded(make(clip), cuts_ms=[6000, 12000])


@pytest.fixture(scope="module", params=["growing", "complete"])
def shown(video: Encoded, request: pytest.FixtureRequest) -> Presentation:
    if request.param == "complete":
        return video.presentation()
    return Presentation(
        tracks=video.plan.tracks, segments=[s for s in video.segments if s.number < STORED], complete=False,
        duration_ms=video.plan.duration_ms, started_at=0.0,
    )  # fmt: skip


def media(shown: Presentation, name: str) -> Playlist:
    return read(hls.media(shown, name))


def master(shown: Presentation) -> Playlist:
    return read(hls.master(shown))


def data(video: Encoded, entry: Entry) -> bytes:
    (found,) = [content for key, content in video.objects.items() if key.endswith(entry.name)]
    return found[entry.bytes] if entry.bytes else found


def peak(run: Sequence[Segment]) -> float:
    """Bits a second of the worst stretch of half to one and a half target durations (RFC 8216, 4.1)."""
    stretches = [run[a:b] for a in range(len(run)) for b in range(a + 1, len(run) + 1)]
    return max(rate(part) for part in stretches if 3 <= sum(s.seconds for s in part) <= 9)


def rate(run: Sequence[Segment]) -> float:
    return 8 * sum(s.bytes for s in run) / sum(s.seconds for s in run)


@pytest.mark.parametrize("name", RUNGS)
def test_1_13_and_7_4_an_idr_frame_every_two_seconds_and_first_in_each_segment(video: Encoded, name: str):
    starts = [key.start / s.timescale for s in video.of(name) for key in s.keyframes]
    assert [round(at) for at in starts] == list(range(0, 14, 2))
    for segment in video.of(name):
        assert segment.keyframes[0].start == segment.start
        for key in segment.keyframes:
            part = video.objects[segment.key][key.offset : key.offset + key.size]
            picture = part[part.index(b"mdat") + 4 :]
            assert IDR in _units(picture)


def _units(sample: bytes) -> list[int]:
    """Types of the NAL units at the beginning of a sample, each after its length, up to the first picture."""
    at, types = 0, list[int]()
    while at + 4 < len(sample) and not {1, IDR} & set(types):
        types.append(sample[at + 4] & 31)
        at += 4 + int.from_bytes(sample[at : at + 4])
    return types


def test_1_26_and_1_27_rates_are_within_a_tenth_of_what_is_measured(video: Encoded):
    for variant, name in zip(master(video.presentation()).all_of("EXT-X-STREAM-INF"), RUNGS, strict=True):
        sound, run = video.of(SOUND), video.of(name)
        assert int(variant["BANDWIDTH"]) == pytest.approx(peak(run) + peak(sound), rel=0.1)
        assert int(variant["AVERAGE-BANDWIDTH"]) == pytest.approx(rate(run) + rate(sound), rel=0.1)


def test_6_1_every_rung_has_an_i_frame_playlist_whose_ranges_are_pictures(video: Encoded, shown: Presentation):
    listed = master(shown).all_of("EXT-X-I-FRAME-STREAM-INF")
    assert [variant["URI"] for variant in listed] == [f"{name}.iframes.m3u8" for name in RUNGS]
    for name in RUNGS:
        playlist = read(hls.i_frames(shown, name))
        assert "#EXT-X-I-FRAMES-ONLY" in playlist.lines
        for entry in playlist.entries:
            (init,) = [content for key, content in video.objects.items() if key.endswith(entry.mapped)]
            with av.open(io.BytesIO(init + data(video, entry)), "r") as container:
                assert next(container.decode(video=0)).key_frame
        whole = sum(entry.seconds for entry in media(shown, name).entries)
        assert sum(entry.seconds for entry in playlist.entries) == pytest.approx(whole, abs=0.001)


@pytest.mark.parametrize("name", [*RUNGS, SOUND])
def test_7_3_decode_times_go_on_without_gap_or_overlap(video: Encoded, shown: Presentation, name: str):
    times = [timing(data(video, entry)) for entry in media(shown, name).entries]
    assert times[0].start == 0
    assert all(a.start + a.duration == b.start for a, b in pairwise(times))


@pytest.mark.parametrize("name", [*RUNGS, SOUND])
def test_7_5_to_7_7_segments_last_six_seconds_and_are_hardly_longer(shown: Presentation, name: str):
    starts, at = list[float](), 0.0
    for entry in media(shown, name).entries:
        starts.append(at)
        at += entry.seconds
        assert entry.seconds <= 6.5
    assert starts[:4] == pytest.approx(FIRST_STARTS[:4], abs=0.04)


@pytest.mark.parametrize("name", [*RUNGS, SOUND])
def test_8_1_extinf_is_what_the_bytes_say(video: Encoded, shown: Presentation, name: str):
    scale = video.of(name)[0].timescale
    for entry in media(shown, name).entries:
        assert entry.seconds == pytest.approx(timing(data(video, entry)).duration / scale, abs=1e-5)


def test_8_2_and_8_3_all_playlists_have_one_target_and_are_as_long(shown: Presentation):
    playlists = [media(shown, name) for name in (*RUNGS, SOUND)]
    assert {playlist.value("EXT-X-TARGETDURATION") for playlist in playlists} == {"6"}
    assert len({len(playlist.entries) for playlist in playlists}) == 1
    lengths = [sum(entry.seconds for entry in playlist.entries) for playlist in playlists]
    assert max(lengths) - min(lengths) < 0.04
    assert all(round(entry.seconds) <= 6 for playlist in playlists for entry in playlist.entries)


def test_8_6_a_complete_playlist_is_vod_and_ends_and_a_growing_one_is_an_event(shown: Presentation):
    for name in (*RUNGS, SOUND):
        playlist = media(shown, name)
        assert playlist.value("EXT-X-PLAYLIST-TYPE") == ("VOD" if shown.complete else "EVENT")
        assert ("#EXT-X-ENDLIST" in playlist.lines) == shown.complete


def test_8_20_every_segment_has_its_initialisation_mapped(video: Encoded, shown: Presentation):
    for name in (*RUNGS, SOUND):
        assert {entry.mapped for entry in media(shown, name).entries} == {Path(video.of(name)[0].init_key).name}


def test_9_1_2_14_15_variants_say_codecs_size_and_rate_as_the_bytes_do(video: Encoded, shown: Presentation):
    variants = master(shown).all_of("EXT-X-STREAM-INF")
    sound = codecs(video.objects[video.of(SOUND)[0].init_key])
    for variant, name in zip(variants, RUNGS, strict=True):
        assert variant["CODECS"].split(",") == [codecs(video.objects[video.of(name)[0].init_key]), sound]
        with av.open(video.file(name), "r") as container:
            stream = container.streams.video[0]
            assert variant["RESOLUTION"] == f"{stream.width}x{stream.height}"
        assert variant["FRAME-RATE"] == "29.970"
        assert int(variant["AVERAGE-BANDWIDTH"]) <= int(variant["BANDWIDTH"])


def test_9_11_segments_are_independent(shown: Presentation):
    assert "#EXT-X-INDEPENDENT-SEGMENTS" in master(shown).lines
    assert all("#EXT-X-INDEPENDENT-SEGMENTS" in media(shown, name).lines for name in RUNGS)


def test_a_growing_playlist_only_gains_lines_at_its_end(video: Encoded):
    """RFC 8216, 6.2.1."""
    before, after = ([line for line in hls.media(shown, "360p").splitlines() if line] for shown in _two(video))
    assert after[: len(before)] == before
    assert len(after) > len(before)


def _two(video: Encoded) -> list[Presentation]:
    return [
        Presentation(
            tracks=video.plan.tracks, segments=[s for s in video.segments if s.number < known], complete=False,
            duration_ms=video.plan.duration_ms, started_at=0.0,
        )
        for known in (2, STORED)
    ]  # fmt: skip


@pytest.mark.parametrize("name", [*RUNGS, SOUND])
def test_a_decoder_has_nothing_to_say(video: Encoded, name: str, tmp_path: Path):
    """ffmpeg, another build than the one that encoded, decodes every rendition over its seams without a warning."""
    file = tmp_path / f"{name}.mp4"
    file.write_bytes(video.file(name).getvalue())
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "warning", "-xerror", "-i", str(file), "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, check=True)
    assert said.stderr.decode() == ""
