"""Shelves while they are read, when they can't be, empty and full."""

from __future__ import annotations

import re
import time

import httpx
import pytest
from playwright.sync_api import Locator, Route, expect

from deploy.local.configuration import Local
from tests.e2e.web.site import MINUTE, Published, Site, Visit

ADDRESS = {"recommended": "/v1/recommendations", "trending": "/v1/trending", "next": "/next"}


@pytest.fixture(scope="module")
def watched(platform: Local, published: Published) -> str:
    """A video that enough people have watched for it to trend."""
    with httpx.Client(base_url=platform.page, timeout=60) as client:
        for visitor in range(30):  # more than the twelfth of a simulated day has: a shelf shows twelve
            opened = client.post(f"/v1/videos/{published.video_id}/playback", json={"visitor": f"shelf-{visitor}"})
            token = opened.raise_for_status().json()["token"]
            beacon = {"token": token, "sequence": 0, "kind": "playing", "at": 0, "position_ms": 8000}
            client.post("/v1/beacons", json=[beacon | {"advanced_ms": 8000}]).raise_for_status()
    return published.video_id


def shelf(site: Site, name: str, state: str) -> Locator:
    found = site.page.get_by_test_id(f"shelf-{name}")
    expect(found).to_have_attribute("data-state", state, timeout=MINUTE)
    return found


def until_read(site: Site, name: str, wanted: Locator) -> None:
    """Open the page anew until the shelf holds what is wanted: it is read once, when its page opens."""
    limit = time.monotonic() + 3 * MINUTE / 1000
    while True:
        read = site.page.get_by_test_id(f"shelf-{name}")
        expect(read).to_have_attribute("data-state", re.compile("full|empty|problem"), timeout=MINUTE)
        if wanted.count() or time.monotonic() > limit:
            return
        site.page.wait_for_timeout(1000)
        site.page.reload()
        site.ready()


def page_of(name: str, published: Published) -> str:
    return f"/watch/{published.video_id}" if name == "next" else "/"


@pytest.mark.parametrize("name", ADDRESS)
def test_a_shelf_that_is_being_read_says_so(visit: Visit, published: Published, name: str) -> None:
    site = visit()
    held: list[Route] = []
    site.page.route(f"**{ADDRESS[name]}?*", lambda route: held.append(route))
    site.page.goto(page_of(name, published))
    expect(shelf(site, name, "loading").get_by_role("list")).to_have_attribute("aria-busy", "true")
    site.page.route(f"**{ADDRESS[name]}?*", lambda route: route.continue_())  # the last one given comes first
    for route in held:
        route.continue_()
    expect(site.page.get_by_test_id(f"shelf-{name}")).not_to_have_attribute("data-state", "loading", timeout=MINUTE)


@pytest.mark.parametrize("name", ADDRESS)
def test_a_shelf_that_can_t_be_read_says_so_and_is_asked_again(visit: Visit, published: Published, name: str) -> None:
    site = visit()
    site.page.route(f"**{ADDRESS[name]}?*", lambda route: route.abort("connectionfailed"))
    site.open(page_of(name, published))
    broken = shelf(site, name, "problem")
    expect(broken.get_by_role("alert")).to_contain_text("can't be reached")
    site.page.unroute(f"**{ADDRESS[name]}?*")
    broken.get_by_role("button", name="Try again").click()
    expect(broken.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("name", ADDRESS)
def test_a_shelf_shows_what_the_gateway_answers_or_says_that_it_is_empty(
    visit: Visit, published: Published, name: str
) -> None:
    site = visit()
    with site.page.expect_response(f"**{ADDRESS[name]}?*") as answered:
        site.page.goto(page_of(name, published))
    videos = answered.value.json()["videos"]
    shown = shelf(site, name, "full" if videos else "empty")
    expect(shown.get_by_role("listitem")).to_have_count(len(videos))
    for video in videos:
        expect(shown.locator(f"[data-video='{video['video_id']}']")).to_contain_text(video["title"] or "Untitled")
    if not videos:
        expect(shown).to_contain_text("Nothing")


def test_what_many_watch_trends_and_says_how_many(visit: Visit, watched: str) -> None:
    site = visit()
    site.open("/")
    shown = site.page.get_by_test_id("shelf-trending").locator(f"[data-video='{watched}']")
    until_read(site, "trending", shown)
    expect(shown).to_contain_text("viewers today")
    site.page.get_by_role("button", name="This hour").click()
    expect(shown).to_be_visible()
    shown.get_by_role("link").click()
    site.page.wait_for_url(f"**/watch/{watched}")


def test_each_recommendation_says_why(visit: Visit, watched: str) -> None:
    site = visit()
    site.open("/")
    cards = site.page.get_by_test_id("shelf-recommended").get_by_role("listitem")
    card = cards.filter(has=site.page.get_by_role("link")).first
    until_read(site, "recommended", card)
    expect(card.locator(".card-note")).not_to_be_empty()
