"""Ladders, boundaries and chunks: which rungs a source gets and where it is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest

from processors.media.boundaries import GOP_MS, segment_count, segment_number, segment_start_ms
from processors.media.ladder import ladder
from processors.media.model import AudioStream, Probe, SubtitleStream, Unplayable, VideoStream
from processors.media.plan import chunks, plan
from processors.media.tracks import sounds


def video(width: int, height: int) -> VideoStream:
    return VideoStream(
        index=0,
        codec="h264",
        width=width,
        height=height,
        display_width=width,
        display_height=height,
        frame_rate=24,
        pixel_format="yuv420p",
    )


@pytest.mark.parametrize(
    ("source", "sizes"),
    [
        ((1280, 720), ["360p 640x360", "540p 960x540", "720p 1280x720"]),
        ((1920, 1080), ["360p 640x360", "540p 960x540", "720p 1280x720", "1080p 1920x1080"]),
        ((1080, 1920), ["360p 360x640", "540p 540x960", "720p 720x1280", "1080p 1080x1920"]),
        ((1920, 800), ["360p 640x266", "540p 960x400", "720p 1280x534", "1080p 1920x800"]),
        ((640, 480), ["360p 480x360", "480p 640x480"]),
        ((642, 362), ["360p 638x360"]),
        ((320, 180), ["180p 320x180"]),
        ((177, 99), ["99p 176x98"]),
        ((7680, 4320), ["360p", "540p", "720p", "1080p", "1440p", "2160p 3840x2160"]),
    ],
)
def test_a_source_gets_the_rungs_up_to_its_own_height(source: tuple[int, int], sizes: list[str]):
    rungs = ladder(video(*source))

    made = [f"{rung.name} {rung.width}x{rung.height}" for rung in rungs]
    assert len(made) == len(sizes)
    assert all(is_.startswith(should) for is_, should in zip(made, sizes, strict=True)), made


def test_segments_start_short_and_go_on_at_six_seconds():
    assert [segment_start_ms(n) for n in range(7)] == [0, 2000, 4000, 6000, 12000, 18000, 24000]
    assert all(segment_number(segment_start_ms(n)) == n for n in range(500))
    assert all(segment_number(segment_start_ms(n + 1) - 1) == n for n in range(500))
    assert all(segment_start_ms(n) % GOP_MS == 0 for n in range(500))
    assert [segment_count(ms) for ms in (1, 2000, 2001, 6000, 6001, 12000)] == [1, 1, 2, 3, 4, 4]


@pytest.mark.parametrize("duration_ms", [1, 5_999, 6_000, 6_001, 11_999, 12_000, 55_125, 596_458, 3_600_000])
def test_chunks_cover_the_video_without_gap_and_start_where_segments_do(duration_ms: int):
    cut = chunks(duration_ms)

    assert cut[0].start_ms == 0
    assert cut[-1].end_ms is None
    assert all(a.end_ms == b.start_ms for a, b in pairwise(cut))
    assert all(segment_start_ms(chunk.first_number) == chunk.start_ms for chunk in cut)
    assert all((chunk.end_ms or duration_ms) - chunk.start_ms <= 66_000 for chunk in cut)


def test_the_first_chunk_is_short_where_there_is_more_than_one():
    assert [(c.start_ms, c.end_ms) for c in chunks(55_125)] == [(0, 6000), (6000, 36000), (36000, None)]


def test_a_source_without_pictures_is_refused():
    with pytest.raises(Unplayable) as refused:
        plan(Probe(container="mp4", duration_ms=1000, size_bytes=1))
    assert refused.value.code == "no_video"


def test_sound_alone_has_neither_rungs_nor_chunks():
    sound = AudioStream(index=0, codec="aac", channels=2, layout="stereo", sample_rate=48_000)
    planned = plan(Probe(container="mov", duration_ms=60_000, size_bytes=1, audio=[sound]))

    assert (planned.rungs, planned.chunks, planned.passes) == ([], [], [])
    assert [track.name for track in planned.tracks] == ["audio", "audio-opus"]


def test_every_sound_is_planned_the_first_one_for_the_start():
    def stream(index: int, channels: int, language: str | None) -> AudioStream:
        return AudioStream(
            index=index, codec="ac3", channels=channels, layout="", sample_rate=48_000, language=language
        )

    listed = sounds([stream(1, 6, "ger"), stream(2, 2, "eng"), stream(3, 2, "nonsense")])

    assert [(t.name, t.codec, t.channels, t.language, t.stream, t.default, t.later) for t in listed] == [
        ("audio", "aac", 2, "de", 1, True, False),
        ("audio-5.1", "aac", 6, "de", 1, True, True),
        ("audio-opus", "opus", 2, "de", 1, True, True),
        ("audio-1", "aac", 2, "en", 2, False, True),
        ("audio-1-opus", "opus", 2, "en", 2, False, True),
        ("audio-2", "aac", 2, None, 3, False, True),
        ("audio-2-opus", "opus", 2, None, 3, False, True),
    ]


def test_texts_that_are_pictures_are_left_out():
    streams = [SubtitleStream(index=2, codec="dvd_subtitle"), SubtitleStream(index=3, codec="subrip", language="fre")]
    sound = AudioStream(index=0, codec="aac", channels=2, layout="stereo", sample_rate=48_000)
    probe = Probe(container="mkv", duration_ms=60_000, size_bytes=1, audio=[sound], subtitles=streams)

    assert [text.index for text in plan(probe).texts] == [3]
