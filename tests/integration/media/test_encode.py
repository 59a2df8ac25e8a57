"""Encoding real clips: every frame once, keys where they belong, sound where the picture is."""

from __future__ import annotations

import io
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest

from processors.media.boundaries import segment_start_ms
from processors.media.boxes import timing
from processors.media.isolation import MEMORY, ROOT
from tests.media_clips import Clip, is_flash, make, number_of
from tests.media_encode import Encoded, encoded, renditions

SMALL = Clip(seconds=2.5)


@pytest.fixture(scope="module")
def cut() -> Encoded:
    """Fourteen seconds at 29.97 frames a second with B frames, two rungs, cut at 6 and 12 s."""
    clip = Clip(width=640, height=480, seconds=14, fps=Fraction(30000, 1001))
    return encoded(make(clip), cuts_ms=[6000, 12000])


def test_every_frame_comes_out_once_over_chunk_seams(cut: Encoded):
    for rendition in ("360p", "480p"):
        frames = cut.frames(rendition)
        assert [number_of(frame) for _, frame in frames] == list(range(420))
        assert all(abs(at - n * 1001 / 30000) < 1e-6 for n, (at, _) in enumerate(frames))


def test_segments_follow_one_another_without_gap(cut: Encoded):
    for rendition in renditions(cut.plan):
        run = cut.of(rendition)
        assert [segment.number for segment in run] == list(range(5))
        assert all(a.start + a.duration == b.start for a, b in pairwise(run))
        assert run[0].start == 0


def test_segments_start_at_their_boundary_and_are_measured_from_their_bytes(cut: Encoded):
    for segment in cut.segments:
        late = segment.start / segment.timescale - segment_start_ms(segment.number) / 1000
        assert 0 <= late < 0.034
        measured = timing(cut.objects[segment.key])
        assert (measured.start, measured.duration) == (segment.start, segment.duration)
        assert len(cut.objects[segment.key]) == segment.bytes


def test_all_rungs_have_a_key_frame_every_two_seconds_at_the_same_times(cut: Encoded):
    low, high = ([key.start for s in cut.of(name) for key in s.keyframes] for name in ("360p", "480p"))

    assert low == high
    assert len(low) == 7
    for key_time, frame in cut.frames("360p"):
        is_boundary = any(abs(key_time * 30000 - start) < 1 for start in low)
        assert frame.key_frame == is_boundary


def test_a_key_frame_can_be_read_by_its_byte_range_alone(cut: Encoded):
    segment = cut.of("360p")[3]
    key = segment.keyframes[1]
    part = cut.objects[segment.key][key.offset : key.offset + key.size]

    with av.open(io.BytesIO(cut.objects[segment.init_key] + part), "r") as container:
        frame = next(container.decode(video=0))
    assert number_of(frame) == round(key.start / segment.timescale * 30000 / 1001)


def test_chunks_share_one_init_segment(cut: Encoded):
    assert len({segment.init_key for segment in cut.of("480p")}) == 1


def test_a_beep_is_heard_when_the_flash_is_seen(cut: Encoded):
    frames = cut.frames("360p")
    flashes = [at for (_, before), (at, frame) in pairwise(frames) if is_flash(frame) and not is_flash(before)]
    beeps = cut.beeps()[1:]

    assert len(beeps) == 13
    assert all(abs(seen - heard) < 0.04 for seen, heard in zip(flashes, beeps, strict=True))
    assert all(abs(heard - n) < 0.006 for n, heard in enumerate(beeps, start=1))


def test_sound_that_starts_late_stays_late():
    beeps = encoded(make(Clip(seconds=3, audio_delay_s=0.5))).beeps()

    assert [round(at, 2) for at in beeps] == pytest.approx([0.5, 1.5, 2.5], abs=0.011)


def test_sound_lasts_as_long_as_the_picture():
    result = encoded(make(SMALL))

    assert result.audio_done is not None
    assert 0 <= result.probe.duration_ms - result.audio_done.end_ms < 22


def test_variable_rates_keep_every_time_exactly():
    def time_of(n: int) -> float:
        return round(n * 0.04 + (0.013 if n % 3 else 0) + (0.9 if n > 40 else 0), 3)

    clip = Clip(time_of=time_of, seconds=8, audio=None)
    result = encoded(make(clip), cuts_ms=[6000])

    assert result.probe.video is not None
    assert result.probe.video.variable_frame_rate
    frames = {number_of(frame): at for at, frame in reversed(result.frames("180p"))}
    expected = clip.frame_times()
    assert sorted(frames) == list(range(len(expected)))
    assert all(abs(frames[n] - at) < 0.0011 for n, at in enumerate(expected))
    assert all(a.start + a.duration == b.start for a, b in pairwise(result.of("180p")))


def test_a_slide_show_has_all_its_segments():
    clip = Clip(time_of=lambda n: n * 3.5, seconds=13, audio=None)
    result = encoded(make(clip), cuts_ms=[6000, 12000])

    assert [segment.number for segment in result.of("180p")] == [0, 1, 2, 3, 4]
    assert [key.start / s.timescale for s in result.segments for key in s.keyframes] == [0, 2, 4, 6, 8, 10, 12]
    assert all(a.start + a.duration == b.start for a, b in pairwise(result.of("180p")))


@pytest.mark.parametrize(
    "clip",
    [
        Clip(container="webm", codec="vp9", seconds=2.5),
        Clip(container="mov", seconds=2.5),
        Clip(container="mkv", audio="5.1", seconds=2.5),
        Clip(container="avi", codec="mpeg4", seconds=2.5),
        Clip(container="ts", codec="mpeg2", seconds=2.5),
        Clip(container="mpg", codec="mpeg2", fps=25, seconds=2.4),
        Clip(container="mp4", audio=None, seconds=2.5),
    ],
    ids=lambda clip: clip.container,
)
def test_containers(clip: Clip):
    result = encoded(make(clip))

    frames = result.frames("180p")
    assert [number_of(frame) for _, frame in frames] == list(range(len(clip.frame_times())))
    assert result.plan.audio == (clip.audio is not None)
    if clip.audio:
        assert result.beeps() == pytest.approx([0, 1, 2], abs=0.03)


DIRTY = """
import pathlib, sys, threading
import tests.media_encode as it

def litter():
    bytearray(30_000_000)  # glibc then takes blocks up to this size from its heap, if it is left to choose
    blocks = [bytes([int(sys.argv[1])]) * size for _ in range(20) for size in (3_000, 30_000, 300_000, 1_000_000)]
    del blocks[:-1]

litter()
other_heap = threading.Thread(target=litter)
other_heap.start()
other_heap.join()
print(sorted(it.encoded(pathlib.Path(sys.argv[2]).read_bytes()).objects))
"""


def test_encoding_gives_the_same_objects_whatever_was_in_memory_before(tmp_path: Path):
    source = tmp_path / "source.mp4"
    source.write_bytes(make(Clip(width=416, height=234, seconds=2.5)))
    said = {
        subprocess.run(
            [sys.executable, "-c", DIRTY, byte, str(source)], env=MEMORY, cwd=ROOT, capture_output=True, check=True
        ).stdout
        for byte in ("1", "85", "254")
    }

    assert len(said) == 1
    assert b".m4s" in said.pop()


def test_sixty_frames_a_second_are_the_most():
    result = encoded(make(Clip(fps=120, seconds=2, audio=None)))

    assert [number_of(frame) for _, frame in result.frames("180p")] == list(range(0, 240, 2))
