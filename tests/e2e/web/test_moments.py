"""Pictures of moments: over the seek bar, on a card, as the poster."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.e2e.web.site import Published, Visit


def background_of(picture: Locator) -> str:
    return picture.evaluate("one => getComputedStyle(one).backgroundImage.slice(5, -2)")


def test_pointing_at_the_seek_bar_shows_what_is_there(visit: Visit, published: Published) -> None:
    site = visit()
    site.watch(published.video_id)
    position = site.page.get_by_label("Position")
    area = position.bounding_box()
    assert area

    position.hover(position={"x": area["width"] * 0.5, "y": area["height"] / 2})

    picture = site.page.get_by_test_id("scrub-picture")
    expect(picture).to_be_visible()
    sheet = site.page.request.get(background_of(picture))
    assert (sheet.status, sheet.headers["content-type"]) == (200, "image/jpeg")
    site.page.mouse.move(0, 0)
    expect(picture).to_be_hidden()


def test_a_card_that_is_pointed_at_moves(visit: Visit, published: Published) -> None:
    site = visit(storage_state=published.visitor)
    site.open("/")
    card = site.page.get_by_test_id("video").first
    expect(card.get_by_test_id("preview")).to_have_count(0)

    card.get_by_role("link").hover()

    expect(card.get_by_test_id("preview")).to_have_js_property("complete", value=True)
    assert card.get_by_test_id("preview").evaluate("one => one.naturalWidth") > 0


def test_whoever_wants_no_motion_gets_none(visit: Visit, published: Published) -> None:
    site = visit(storage_state=published.visitor, reduced_motion="reduce")
    site.open("/")
    card = site.page.get_by_test_id("video").first
    card.get_by_role("link").hover()
    site.page.wait_for_timeout(600)  # longer than a pointer has to rest; there is nothing to wait for
    expect(card.get_by_test_id("preview")).to_have_count(0)


def test_the_owner_chooses_another_poster(visit: Visit, published: Published) -> None:
    site = visit(storage_state=published.visitor)
    site.open(f"/watch/{published.video_id}")
    site.page.get_by_role("button", name="Edit").click()
    last = site.page.get_by_role("group", name="Poster").get_by_role("radio").last
    last.check(force=True)
    site.page.get_by_role("button", name="Save").click()

    expect(site.page.get_by_test_id("player")).to_have_attribute("poster", re.compile(r"/pictures/[0-9a-f]{32}\.jpg$"))
    site.page.get_by_role("button", name="Edit").click()
    expect(last).to_be_checked()
