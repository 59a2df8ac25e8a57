"""What a player tells: the log knows what was watched, however the page ends."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Request
from playwright.sync_api import Error as PlaywrightError

from deploy.local.configuration import Local
from schemas.playback import PlaybackBeacon
from tests.e2e.web.log import Told
from tests.e2e.web.site import Site, Visit
from tests.platform_client import Platform

BLURRED = 400  # ms: a play head is read in steps, at each start, seek and stop
READ_AHEAD = "v.buffered.length > 0 && v.buffered.end(v.buffered.length - 1) > {}"  # seconds
PLAYED = "[...Array(v.played.length).keys()].reduce((sum, n) => sum + v.played.end(n) - v.played.start(n), 0) * 1000"


@pytest.fixture(scope="module")
def video_id(browser: Browser, platform: Local, watched_clip: Path) -> str:
    context = browser.new_context(base_url=platform.page)
    video_id = Site(context.new_page()).upload(watched_clip)
    context.close()
    with Platform(platform.page, "anybody") as anybody:
        anybody.wait(video_id, {"published"})  # what is not encoded yet can be neither reached nor read ahead
    return video_id


@pytest.fixture
def log(platform: Local, video_id: str) -> Told:
    return Told.of(platform, video_id)


def kinds(told: Sequence[PlaybackBeacon]) -> list[str]:
    return [beacon.kind for beacon in told]


def total(told: Sequence[PlaybackBeacon]) -> int:
    return sum(beacon.advanced_ms for beacon in told)


def test_what_was_played_is_told_and_what_was_skipped_is_not(visit: Visit, log: Told, video_id: str) -> None:
    site = visit()
    asked: list[Request] = []
    site.page.on("request", lambda request: asked.append(request))
    site.watch(video_id)
    site.until("v.currentTime > 2")
    site.of_video("void (v.currentTime = 14)")
    site.until("v.currentTime > 17")
    site.of_video("void v.pause()")
    told = log.once(lambda told: "paused" in kinds(told))

    assert [beacon.sequence for beacon in told] == list(range(len(told)))
    assert kinds(told)[0] == "started"
    assert kinds(told)[-1] == "paused"
    assert "seeked" in kinds(told)
    played = site.of_video(PLAYED)
    assert played < 10_000
    assert total(told) == pytest.approx(played, abs=BLURRED)
    assert told[-1].position_ms == pytest.approx(site.of_video("v.currentTime * 1000"), abs=2)
    (sid,) = {beacon.cmcd_session_id for beacon in told}
    media = [unquote(request.url) for request in asked if ".m4s" in request.url]
    assert media
    assert all(f'sid="{sid}"' in url for url in media)


def test_double_speed_is_twice_the_media(visit: Visit, log: Told, video_id: str) -> None:
    site = visit()
    site.watch(video_id)
    site.of_video("void (v.playbackRate = 2)")
    site.until("v.ended")
    told = log.once(lambda told: "ended" in kinds(told))
    assert total(told) == pytest.approx(site.of_video("v.duration * 1000"), abs=BLURRED)


def test_a_closed_tab_has_told_the_rest(visit: Visit, log: Told, video_id: str) -> None:
    site = visit()
    site.watch(video_id)
    site.until("v.currentTime > 3")
    played = site.of_video(PLAYED)
    site.page.close(run_before_unload=True)
    told = log.once(lambda told: "paused" in kinds(told))
    assert kinds(told)[-1] == "paused"
    assert total(told) >= played - BLURRED
    assert total(told) < played + 10_000


def test_what_was_watched_without_a_line_is_told_when_it_is_back(visit: Visit, log: Told, video_id: str) -> None:
    site = visit()
    site.watch(video_id)
    site.until("v.currentTime > 1 && " + READ_AHEAD.format(13))
    site.page.context.set_offline(True)
    site.until("v.currentTime > 12 || v.paused")
    site.of_video("void v.pause()")
    played = site.of_video(PLAYED)
    assert total(log.now()) < played - 5000
    site.page.context.set_offline(False)
    told = log.once(lambda told: "paused" in kinds(told))
    assert [beacon.sequence for beacon in told] == list(range(len(told)))
    assert total(told) == pytest.approx(played, abs=BLURRED)


def test_what_a_page_could_not_tell_the_next_one_does(visit: Visit, log: Told, video_id: str) -> None:
    site = visit()
    site.watch(video_id)
    site.until("v.currentTime > 1 && " + READ_AHEAD.format(6))
    context = site.page.context
    context.set_offline(True)
    site.until("v.currentTime > 4")
    site.of_video("void v.pause()")
    site.page.wait_for_function("Object.keys(localStorage).some((name) => name.startsWith('playlog.beacons.'))")
    played = site.of_video(PLAYED)
    with suppress(PlaywrightError):
        site.page.goto("chrome://crash")  # no last word: one sent while a tab closes may pass an emulated outage
    site.page.close()
    assert "paused" not in kinds(log.now())

    context.set_offline(False)
    later = Site(context.new_page())
    later.open("/upload")
    told = log.once(lambda told: "paused" in kinds(told))
    assert total(told) == pytest.approx(played, abs=BLURRED)
    later.page.wait_for_function("!Object.keys(localStorage).some((name) => name.startsWith('playlog.beacons.'))")


def test_watching_again_is_another_viewing(visit: Visit, log: Told, video_id: str) -> None:
    site = visit()
    site.watch(video_id)
    site.of_video("void (v.currentTime = v.duration - 1.5)")
    site.until("v.ended")
    site.page.keyboard.press("k")
    site.until("!v.ended && v.currentTime > 0.5")
    told = log.once(lambda told: kinds(told).count("started") == 2)
    assert len({beacon.session_id for beacon in told}) == 2
    assert len({beacon.viewer_id for beacon in told}) == 1
