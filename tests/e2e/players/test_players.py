"""Every codec in every player that its manifests are for: over seams, from rung to rung, without a stall."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from processors.media.names import link
from tests.media_encode import Encoded

FRAMES = 8 * 24
LIMIT = 120_000  # milliseconds; a guard against a hang
CODECS = {"avc1": "", "vp09": "-vp9", "av01": "-av1"}  # and how their renditions are named
SOUNDS = {"mp4a": "audio", "opus": "audio-opus"}


class Played(NamedTuple):
    player: str
    manifest: str
    pictures: str
    sound: str


PLAYED = [
    Played("hls", "master.m3u8", "avc1", "mp4a"),
    Played("hls", "master.m3u8", "av01", "mp4a"),
    *(
        Played(player, "manifest.mpd", pictures, sound)
        for player in ("dash", "shaka")
        for pictures, sound in (("avc1", "mp4a"), ("vp09", "opus"), ("av01", "opus"))
    ),
]


class Opened(NamedTuple):
    page: Page
    asked: list[str]  # paths, in order


@pytest.fixture(scope="module")
def opened(browser: Browser, site: str) -> Iterator[dict[Played, Opened]]:
    """All players at once: each takes as long as the video."""
    context, pages = browser.new_context(), dict[Played, Opened]()
    for played in PLAYED:
        pages[played] = one = Opened(context.new_page(), [])
        one.page.on("request", lambda request, asked=one.asked: asked.append(request.url.removeprefix(f"{site}/")))
        one.page.goto(f"{site}/page.html?{urlencode(played._asdict())}")
    yield pages
    context.close()


@pytest.mark.parametrize("played", PLAYED, ids=lambda played: "-".join(played[::2]))
def test_it_plays_over_seams_and_from_rung_to_rung(
    opened: dict[Played, Opened], archived: Encoded, played: Played
) -> None:
    page, asked = opened[played]
    page.wait_for_function("video.ended || failed.length", timeout=LIMIT)
    assert page.evaluate("[failed, stalled]") == [[], []]
    assert page.evaluate("[video.buffered.length, Math.round(video.buffered.end(0))]") == [1, 8]
    shown, dropped = page.evaluate(
        "(({totalVideoFrames, droppedVideoFrames}) => [totalVideoFrames, droppedVideoFrames])"
        "(video.getVideoPlaybackQuality())"
    )
    assert shown + dropped >= FRAMES - 2
    taken = [rendition for rendition in (rendition_of(archived, path) for path in asked) if rendition]
    ending = CODECS[played.pictures]
    assert set(taken) == {f"108p{ending}", f"216p{ending}", SOUNDS[played.sound]}
    rungs = [rendition for rendition in taken if not rendition.startswith("audio")]
    assert all(before != after for before, after in pairwise(rungs)), rungs


def rendition_of(archived: Encoded, path: str) -> str | None:
    """Of which rendition an object is a segment; None for all else."""
    return next((segment.rendition for segment in archived.segments if link(segment.key) == path), None)
