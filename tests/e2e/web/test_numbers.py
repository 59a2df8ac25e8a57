"""The numbers of a video move while it is watched."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from deploy.local.configuration import Local
from tests.e2e.web.log import Told
from tests.e2e.web.site import MINUTE, Visit

WATCHED = "Number(document.querySelector('[data-testid=numbers-watched]').dataset.ms)"
LINE = "document.querySelector('[data-testid=chart]').dataset.line"


def test_number_and_line_move_with_the_beacons(visit: Visit, platform: Local, watched_clip: Path) -> None:
    site = visit()
    video_id = site.upload(watched_clip)
    log = Told.of(platform, video_id)
    site.watch(video_id)
    panel = site.page.get_by_test_id("numbers")
    panel.scroll_into_view_if_needed()
    expect(panel.get_by_test_id("chart")).to_be_visible(timeout=MINUTE)
    before = site.page.evaluate(LINE)
    site.page.wait_for_function(f"(before) => {WATCHED} > 0 && {LINE} !== before", arg=before, timeout=MINUTE)
    site.until("v.currentTime > 12")
    site.of_video("void v.pause()")
    told = log.once(lambda told: bool(told) and told[-1].kind == "paused")
    watched = sum(beacon.advanced_ms for beacon in told)
    site.page.wait_for_function(f"() => {WATCHED} === {watched}", timeout=MINUTE)
    expect(panel.get_by_test_id("numbers-views")).to_have_text("1", timeout=MINUTE)
    expect(site.page.locator(".about-facts")).to_contain_text("1 view")
    expect(panel.get_by_role("img")).to_have_accessible_name(f"Watched in the last hour: {watched // 1000} s in all")
    panel.get_by_role("button", name="Last day").click()
    expect(panel.get_by_role("img")).to_have_accessible_name(f"Watched in the last day: {watched // 1000} s in all")


def test_nobody_who_does_not_look_asks(visit: Visit, platform: Local, watched_clip: Path) -> None:
    """Out of sight the numbers rest."""
    site = visit(viewport={"width": 400, "height": 300})
    video_id = site.upload(watched_clip)
    asked: list[str] = []
    site.page.on("request", lambda request: asked.append(request.url) if "/analytics" in request.url else None)
    site.watch(video_id)
    site.page.evaluate("document.documentElement.style.setProperty('padding-bottom', '3000px')")
    site.page.get_by_test_id("numbers").scroll_into_view_if_needed()
    with site.page.expect_request("**/analytics*", timeout=MINUTE):
        pass
    site.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    for _ in range(10):  # until the page has noticed
        asked.clear()
        site.page.wait_for_timeout(3000)
        if not asked:
            break
    assert asked == []
