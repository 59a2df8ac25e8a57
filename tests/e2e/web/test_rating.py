"""Stars: given, changed, withdrawn; and why somebody can't."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.web.site import MINUTE, Published, Site, Visit


@pytest.fixture
def site(visit: Visit, published: Published) -> Site:
    site = visit()
    site.open(f"/watch/{published.video_id}")
    return site


def rating(site: Site) -> Locator:
    return site.page.get_by_test_id("rating")


def mine(site: Site, stars: str) -> None:
    expect(rating(site)).to_have_attribute("data-stars", stars, timeout=MINUTE)


def counted(site: Site, count: int, mean: str) -> None:
    expect(rating(site)).to_contain_text(f"{mean} of 5 · {count} rating", timeout=MINUTE)


def test_a_rating_is_given_changed_and_withdrawn_by_keyboard(site: Site) -> None:
    expect(rating(site)).to_contain_text("Not rated yet")
    rating(site).get_by_role("radio", name="1 star").focus()
    site.page.keyboard.press("Space")
    mine(site, "1")
    counted(site, 1, "1.0")
    site.page.keyboard.press("ArrowRight")
    mine(site, "2")
    counted(site, 1, "2.0")
    site.page.reload()
    site.ready()
    mine(site, "2")
    rating(site).get_by_role("button", name="Withdraw my rating").click()
    mine(site, "")
    expect(rating(site)).to_contain_text("Not rated yet", timeout=MINUTE)


def test_each_person_counts_once(visit: Visit, site: Site, published: Published) -> None:
    other = visit()
    other.open(f"/watch/{published.video_id}")
    rating(site).locator("label").nth(4).click()
    counted(site, 1, "5.0")
    rating(other).locator("label").nth(1).click()
    counted(other, 2, "3.5")
    counted(site, 2, "3.5")
    for one in (site, other):
        rating(one).get_by_role("button", name="Withdraw my rating").click()
    expect(rating(site)).to_contain_text("Not rated yet", timeout=MINUTE)


def test_who_is_not_signed_in_is_told_why_and_watches_all_the_same(site: Site, published: Published) -> None:
    site.page.get_by_role("button", name="Account:").click()
    site.page.get_by_role("menuitem", name="Sign out").click()
    expect(site.page.get_by_role("link", name="Sign in")).to_be_visible()
    site.watch(published.video_id)
    expect(rating(site).get_by_role("radio").first).to_be_disabled()
    expect(rating(site)).to_contain_text("Sign in to rate")
    rating(site).get_by_role("link", name="Sign in").click()
    site.page.get_by_role("button", name="Go on as a guest").click()
    expect(site.page.get_by_role("button", name="Account:")).to_be_visible()


def test_a_rating_that_fails_says_so_and_shows_what_counts(site: Site) -> None:
    site.page.context.set_offline(True)
    rating(site).locator("label").nth(2).click()
    expect(rating(site).get_by_role("alert")).to_contain_text("can't be reached")
    mine(site, "")
    site.page.context.set_offline(False)
