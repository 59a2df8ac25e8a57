"""Who is signed in, and how they are forgotten."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.web.site import MINUTE, Visit


def test_an_account_is_deleted_after_a_clear_question(visit: Visit, short_clip: Path) -> None:
    site = visit()
    video_id = site.upload(short_clip)
    site.open("/")
    site.page.get_by_role("button", name="Account:").press("Enter")
    expect(site.page.get_by_role("menuitem", name="Sign out")).to_be_focused()
    site.page.keyboard.press("ArrowDown")
    site.page.keyboard.press("Enter")
    dialog = site.page.get_by_role("dialog", name="Delete your account?")
    expect(dialog).to_contain_text("Your videos are deleted")
    delete = dialog.get_by_role("button", name="Delete my account")
    expect(delete).to_be_disabled()
    site.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    site.page.get_by_role("button", name="Account:").click()
    site.page.get_by_role("menuitem", name="Delete my account").click()
    dialog.get_by_role("checkbox").check()
    delete.click()
    expect(site.page.get_by_role("link", name="Sign in")).to_be_visible(timeout=MINUTE)
    left = site.page.evaluate("Object.keys(localStorage)")
    assert not {"playlog.session", "playlog.guest"} & set(left)

    stranger = visit()
    stranger.open(f"/watch/{video_id}")
    expect(stranger.page.get_by_text("has been deleted").first).to_be_visible(timeout=MINUTE)


def test_signed_out_one_may_look_round_and_has_to_sign_in_to_upload(visit: Visit) -> None:
    site = visit()
    site.open("/")
    site.page.get_by_role("button", name="Account:").click()
    site.page.get_by_role("menuitem", name="Sign out").click()
    expect(site.page.get_by_test_id("shelf-library")).to_have_count(0)
    expect(site.page.get_by_role("heading", name="Trending")).to_be_visible()
    site.page.reload()
    site.page.get_by_role("link", name="Upload").click()
    expect(site.page.get_by_role("heading", name="Sign in")).to_be_visible()
    site.page.get_by_label("Access token").fill("no token")
    site.page.get_by_role("button", name="Sign in").click()
    expect(site.page.get_by_role("alert")).to_contain_text("not an access token")
    site.page.get_by_role("button", name="Go on as a guest").click()
    expect(site.page.get_by_test_id("file")).to_be_attached()
