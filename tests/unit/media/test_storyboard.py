"""What a storyboard says: which tile of which sheet shows when; and which picture makes the poster."""

from __future__ import annotations

import re
from itertools import pairwise

from av.video.frame import VideoFrame

from processors.media.jpeg import PIXELS
from processors.media.poster import least_blank
from processors.media.preview import moments
from processors.media.storyboard import Tile, tile_times, vtt

CUE = re.compile(r"(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)")


def tiles(times: list[int]) -> list[Tile]:
    return [Tile(at, VideoFrame(160, 90, PIXELS)) for at in times]


def test_tiles_are_five_seconds_apart_and_never_more_than_a_hundred() -> None:
    assert tile_times(40) == [0]
    assert tile_times(12_000) == [0, 5_000, 10_000]
    day = tile_times(24 * 3_600_000)
    assert len(day) == 100
    assert day[1] - day[0] == 864_000
    assert all(len(tile_times(length)) <= 100 for length in range(1, 2_000_000, 997))


def test_every_moment_has_its_tile_row_by_row_and_sheet_by_sheet() -> None:
    text = vtt(tiles(tile_times(151_500)), ["pictures/a.jpg", "pictures/b.jpg"], 151_500)

    assert text.startswith("WEBVTT\n\n")
    cues = CUE.findall(text)
    assert len(cues) == 31
    assert cues[0] == ("00:00:00.000", "00:00:05.000", "pictures/a.jpg", "0", "0", "160", "90")
    assert cues[6] == ("00:00:30.000", "00:00:35.000", "pictures/a.jpg", "160", "90", "160", "90")
    assert cues[25][2:5] == ("pictures/b.jpg", "0", "0")
    assert cues[-1][:2] == ("00:02:30.000", "00:02:31.500")
    assert all(a[1] == b[0] for a, b in pairwise(cues))


def test_times_beyond_an_hour_have_their_hours() -> None:
    assert "01:02:03.004 --> 25:00:00.000" in vtt(tiles([0, 3_723_004]), ["a"], 90_000_000)


def test_a_preview_visits_four_places_and_shows_a_short_video_as_it_is() -> None:
    assert moments(100) == [0]
    assert moments(2_000) == list(range(0, 2_000, 166))
    film = moments(600_000)
    assert len(film) == 24
    assert film == sorted(film)
    assert (film[0], film[6], film[12], film[18]) == (90_000, 240_000, 390_000, 540_000)


def test_the_first_good_picture_makes_the_poster_or_else_the_least_blank_one() -> None:
    assert least_blank([3.0, 41.0, 60.0]) == 1
    assert least_blank([3.0, 17.0, 5.0]) == 1
    assert least_blank([0.0]) == 0
