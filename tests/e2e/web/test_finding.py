"""The search box, its suggestions, and the page of what was found."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Request, expect

from deploy.local.configuration import Local
from tests.e2e.web.site import MINUTE, Site, Visit
from tests.platform_client import Platform

HOSTILE = "<img src=x onerror=hacked()> Zeppelin over Quedlinburg"
TYPED_QUICKLY = """async (box, text) => {
  for (const letter of text) {
    box.value += letter
    box.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await new Promise((typed) => setTimeout(typed, 5))
  }
}"""
ABOUT = "<script>hacked()</script> A zeppelin & its shadow"


@pytest.fixture(scope="module")
def zeppelin(platform: Local, short_clip: Path) -> str:
    """A video whose words no other has, and that a careless page would run."""
    with Platform(platform.page, "zeppelin") as owner:
        video_id = owner.upload(short_clip)
        owner.wait(video_id, {"published"})
        words = {"title": HOSTILE, "description": ABOUT, "tags": ["airship"], "language": "en", "category": "history"}
        owner.http.patch(f"/v1/videos/{video_id}", json=words).raise_for_status()
        owner.found(video_id, "zeppelin over quedlinburg")
    return video_id


@pytest.fixture
def site(visit: Visit, zeppelin: str) -> Site:
    site = visit()
    site.page.add_init_script("window.hacked = () => { throw new Error('a title was run') }")
    site.open("/")
    return site


def box(site: Site) -> Locator:
    return site.page.get_by_role("combobox", name="Search videos")


def hit(site: Site, video_id: str) -> Locator:
    return site.page.get_by_test_id("found").locator(f"[data-video='{video_id}']")


def type_until_suggested(site: Site, text: str) -> Locator:
    box(site).press_sequentially(text, delay=20)
    option = site.page.get_by_role("option", name=HOSTILE, exact=True)
    expect(option).to_be_visible(timeout=MINUTE)
    return option


def test_the_first_letters_lead_to_a_video_by_keyboard(site: Site, zeppelin: str) -> None:
    site.page.keyboard.press("/")
    expect(box(site)).to_be_focused()
    option = type_until_suggested(site, "zepp")
    expect(box(site)).to_have_attribute("aria-expanded", "true")
    site.page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box(site)).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "none")
    site.page.keyboard.press("Enter")
    site.page.wait_for_url(f"**/watch/{zeppelin}")
    expect(site.page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(box(site)).to_have_value("")


def test_escape_closes_the_suggestions_and_enter_searches_the_words(site: Site, zeppelin: str) -> None:
    option = type_until_suggested(site, "quedl")
    site.page.keyboard.press("ArrowDown")
    site.page.keyboard.press("Escape")
    expect(option).to_be_hidden()
    expect(box(site)).to_have_value("quedl")
    site.page.keyboard.press("Enter")
    site.page.wait_for_url("**/search?q=quedl")
    expect(hit(site, zeppelin)).to_be_visible()


def test_quick_typing_asks_once_a_pause(site: Site) -> None:
    asked: list[str] = []
    site.page.on("request", lambda request: asked.append(request.url) if "/v1/suggest" in request.url else None)
    box(site).focus()
    with site.page.expect_request("**/v1/suggest?q=zeppelin"):
        box(site).evaluate(TYPED_QUICKLY, "zeppelin")
    expect(site.page.get_by_role("option").first).to_be_visible(timeout=MINUTE)
    assert len(asked) < len("zeppelin") / 2
    assert asked[-1].endswith("q=zeppelin")


def test_an_answer_that_comes_late_is_dropped(site: Site) -> None:
    """The first question's answer is held back until the second's is there."""
    held: list[Request] = []

    def hold(route, request: Request) -> None:
        if not held:
            held.append(request)
            site.page.wait_for_timeout(2500)
        route.continue_()

    site.page.route("**/v1/suggest?q=zep", hold)
    with site.page.expect_request("**/v1/suggest?q=zep"):
        box(site).fill("zep")
    box(site).fill("nothing is called so")
    site.page.wait_for_timeout(3500)
    expect(site.page.get_by_role("option")).to_have_count(0)


def test_what_was_found_is_marked_and_markup_in_it_is_text(site: Site, zeppelin: str) -> None:
    site.open("/search?q=zeppelin")
    expect(site.page.get_by_role("heading", level=1)).to_have_text("Results for “zeppelin”")
    one = hit(site, zeppelin)
    expect(one.get_by_role("heading")).to_have_text(HOSTILE)
    expect(one).to_contain_text(ABOUT)
    expect(one.locator("mark").first).to_have_text("Zeppelin")
    expect(one.locator("img[src=x], script")).to_have_count(0)
    expect(box(site)).to_have_value("zeppelin")


def test_filters_narrow_and_going_back_widens(site: Site, zeppelin: str) -> None:
    site.open("/search?q=zeppelin")
    expect(hit(site, zeppelin)).to_be_visible()
    site.page.get_by_role("button", name="Over 20 minutes").click()
    expect(site.page.get_by_role("heading", name="Nothing found")).to_be_visible()
    site.page.go_back()
    expect(hit(site, zeppelin)).to_be_visible()
    site.page.get_by_role("textbox", name="Tag").fill("airship")
    site.page.keyboard.press("Enter")
    site.page.wait_for_url("**/search?q=zeppelin*tag=airship")
    expect(hit(site, zeppelin)).to_be_visible()
    site.page.get_by_role("textbox", name="Language").fill("fr")
    site.page.keyboard.press("Enter")
    site.page.get_by_role("link", name="Search without filters").click()
    expect(hit(site, zeppelin)).to_be_visible()


def test_a_search_that_fails_says_so_and_can_be_asked_again(site: Site, zeppelin: str) -> None:
    site.page.route("**/v1/search?*", lambda route: route.abort("connectionfailed"))
    site.open("/search?q=zeppelin")
    expect(site.page.get_by_role("alert")).to_contain_text("can't be reached")
    site.page.unroute("**/v1/search?*")
    site.page.get_by_role("button", name="Try again").click()
    expect(hit(site, zeppelin)).to_be_visible()


def test_long_results_come_page_by_page(site: Site, zeppelin: str) -> None:
    """Any search of more than one page; each page by the cursor of the one before."""
    site.page.route("**/v1/search?*", lambda route: route.continue_(url=f"{route.request.url}&limit=1"))
    site.open("/search?length=short")
    hits = site.page.get_by_test_id("found").get_by_role("listitem")
    expect(hits).to_have_count(1)
    site.page.get_by_role("button", name="Show more").click()
    expect(hits).to_have_count(2)
    shown = {one.get_attribute("data-video") for one in hits.all()}
    assert len(shown) == 2
