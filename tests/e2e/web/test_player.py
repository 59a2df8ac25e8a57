"""The player, by keyboard and by its menus."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.web.site import Published, Site, Visit


@pytest.fixture
def site(visit: Visit, published: Published) -> Site:
    """A visitor who watches, paused at the start."""
    site = visit()
    site.watch(published.video_id)
    site.until("!v.paused && v.currentTime > 0")  # the browser of the tests may start by itself
    site.of_video("void (v.pause(), v.currentTime = 0)")
    site.until("v.paused && v.currentTime === 0")
    return site


def press(site: Site, *keys: str) -> None:
    for key in keys:
        site.page.keyboard.press(key)


@pytest.mark.parametrize("key", ["k", "Space"])
def test_a_key_plays_and_pauses(site: Site, key: str) -> None:
    press(site, key)
    site.until("!v.paused && v.currentTime > 0.2")
    press(site, key)
    site.until("v.paused")


def test_digits_and_arrows_move_the_play_head(site: Site) -> None:
    middle = site.of_video("v.duration / 2")
    press(site, "5")
    site.until(f"Math.abs(v.currentTime - {middle}) < 0.5")
    press(site, "ArrowLeft")
    site.until(f"Math.abs(v.currentTime - Math.max(0, {middle} - 5)) < 0.5")
    press(site, "0")
    site.until("v.currentTime === 0")
    press(site, "ArrowRight")
    site.until("Math.abs(v.currentTime - 5) < 0.5")
    press(site, "j")
    site.until("v.currentTime === 0")


def test_m_silences_and_the_arrows_bring_sound_back(site: Site) -> None:
    press(site, "m")
    site.until("v.muted")
    press(site, "ArrowDown")
    site.until("!v.muted && v.volume < 1")


def test_keys_typed_into_a_form_do_not_reach_the_player(visit: Visit, published: Published) -> None:
    site = visit(storage_state=published.visitor)
    site.watch(published.video_id)
    site.until("!v.paused && v.currentTime > 0")
    site.of_video("void v.pause()")
    site.page.get_by_role("button", name="Edit").click()
    site.page.get_by_label("Description").fill("")
    press(site, "k", "m", "5")
    expect(site.page.get_by_label("Description")).to_have_value("km5")
    assert site.of_video("v.paused && !v.muted")


def test_a_quality_is_chosen_by_keyboard_and_shown(site: Site) -> None:
    button = site.page.get_by_test_id("quality").get_by_role("button", name="Quality")
    expect(button).to_be_enabled()
    button.press("Enter")
    lowest = site.page.get_by_role("menuitemradio").last
    name = lowest.inner_text().strip()
    expect(site.page.get_by_role("menuitemradio", checked=True)).to_be_focused()  # before that, keys are the button's
    press(site, "End")
    expect(lowest).to_be_focused()
    press(site, "Enter")
    expect(button).to_have_accessible_name(f"Quality: {name}")
    press(site, "k")
    site.until(f"v.videoHeight === {name.removesuffix('p')}")


def test_another_engine_goes_on_where_the_first_one_was(site: Site) -> None:
    press(site, "ArrowRight")
    site.until("v.currentTime >= 5")
    site.page.get_by_test_id("engine").select_option("dash")
    site.until("v.readyState >= 2 && v.currentTime >= 4.5")
