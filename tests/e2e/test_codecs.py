"""A video for the archive: it plays in H.264 first, and in every other codec once that is complete."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from deploy.local.configuration import Local
from tests.e2e.players.test_decoders import warnings
from tests.e2e.test_first_minute import MOVING
from tests.platform_client import LIMIT_SECONDS, Platform

MINUTE = 60_000


@pytest.fixture(scope="module")
def client(platform: Local) -> Platform:
    return Platform(platform.page, "archivist")


@pytest.fixture(scope="module")
def archived(client: Platform, short_clip: Path) -> str:
    """A video of which all codecs are listed."""
    video_id = client.upload(short_clip, encoding="archive")
    published = client.wait(video_id, ("published", "failed"))
    assert "360p" in names(published)
    limit = time.monotonic() + LIMIT_SECONDS
    while not {"360p-vp9", "360p-hevc", "360p-av1"} <= names(client.video(video_id)):
        assert time.monotonic() < limit, f"{names(client.video(video_id))} {client.timeline(video_id)[-5:]}"
        time.sleep(0.5)
    return video_id


def names(video: dict[str, object]) -> set[str]:
    renditions = video["renditions"]
    assert isinstance(renditions, list)
    return {rendition["name"] for rendition in renditions}


def listed(url: str, pattern: str, last: str) -> set[str]:
    """What a manifest names, once the caches on the way have the one that names the last codec."""
    limit = time.monotonic() + LIMIT_SECONDS
    while last not in (found := set(re.findall(pattern, httpx.get(url).raise_for_status().text))):
        assert time.monotonic() < limit, found
        time.sleep(1)
    return found


def test_slower_codecs_come_after_the_video_is_published_and_are_told(client: Platform, archived: str) -> None:
    told = [event["type"] for event in client.told(archived, ["VideoPublished", "LadderTrimmed", "TracksAdded"])]
    last = len(told) - 1 - told[::-1].index("TracksAdded")
    assert told.index("EncodeCompleted") < told.index("LadderTrimmed") < last, told
    assert "VideoPublished" in told


def test_each_codec_is_listed_where_players_know_it(client: Platform, archived: str) -> None:
    video = client.video(archived)
    master = listed(str(video["hls"]), r"CODECS=\"(avc1|hvc1|av01|vp09)", "av01")
    manifest = listed(str(video["dash"]), r"codecs=\"(avc1|hvc1|av01|vp09)", "av01")
    assert (master, manifest) == ({"avc1", "hvc1", "av01"}, {"avc1", "hvc1", "av01", "vp09"})


@pytest.mark.parametrize("manifest", ["hls", "dash"])
def test_ffmpeg_decodes_all_that_is_served_without_a_warning(client: Platform, archived: str, manifest: str) -> None:
    address = str(client.video(archived)[manifest])
    listed(address, r"av01", "av01")
    assert warnings(address) == ""


def test_the_page_plays_the_codec_that_needs_the_fewest_bits(page: Page, archived: str) -> None:
    page.goto(f"/watch/{archived}")
    expect(page.get_by_test_id("player")).to_be_visible(timeout=MINUTE)
    with page.expect_request(lambda request: "/360p-av1/" in request.url, timeout=2 * MINUTE):
        page.get_by_test_id("engine").select_option("dash")
    page.wait_for_function(MOVING, timeout=2 * MINUTE, polling=500)
