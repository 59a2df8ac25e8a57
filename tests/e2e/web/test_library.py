"""What an owner may do, what others may, and what the page says when there is nothing."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.web.site import Published, Visit


def test_a_new_visitor_is_told_how_to_begin(visit: Visit) -> None:
    site = visit()
    site.open("/")
    expect(site.page.get_by_role("heading", name="No videos yet")).to_be_visible()
    site.page.get_by_role("link", name="Upload a video").click()
    site.ready()
    expect(site.page.get_by_test_id("file")).to_be_attached()


def test_the_owner_describes_a_video_and_reads_it_back_at_once(visit: Visit, published: Published) -> None:
    site = visit(storage_state=published.visitor)
    site.open(f"/watch/{published.video_id}")
    site.page.get_by_role("button", name="Edit").click()
    site.page.get_by_label("Title").fill("Fog lifting")
    site.page.get_by_role("button", name="Save").click()
    expect(site.page.get_by_role("heading", level=1)).to_have_text("Fog lifting")
    site.open("/")
    expect(site.page.get_by_test_id("video").filter(has_text="Fog lifting")).to_be_visible()


def test_somebody_else_may_watch_but_not_change(visit: Visit, published: Published) -> None:
    site = visit()
    site.watch(published.video_id)
    expect(site.page.get_by_role("button", name="Edit")).to_have_count(0)
    expect(site.page.get_by_role("button", name="Delete")).to_have_count(0)


def test_the_timeline_tells_what_led_to_what(visit: Visit, published: Published) -> None:
    site = visit(storage_state=published.visitor)
    site.open(f"/watch/{published.video_id}")
    timeline = site.page.get_by_test_id("timeline")
    steps = timeline.get_by_role("listitem")
    expect(steps.first).to_contain_text("Upload of")
    expect(timeline).to_contain_text("Playable from here on")
    expect(timeline).to_contain_text("Published")


def test_a_deleted_video_is_gone_from_the_library(visit: Visit, short_clip: Path) -> None:
    site = visit()
    video_id = site.upload(short_clip)
    site.open(f"/watch/{video_id}")
    site.page.get_by_role("button", name="Delete").click()
    site.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(site.page.get_by_role("heading", name="Library")).to_be_visible()
    site.open("/")
    expect(site.page.locator(f"[data-video='{video_id}']")).to_have_count(0)


def test_an_unknown_video_is_said_to_be_unknown(visit: Visit) -> None:
    site = visit()
    site.open("/watch/00000000-0000-7000-8000-000000000000")
    expect(site.page.get_by_role("alert")).to_contain_text("There is no video")


def test_no_page_is_wider_than_a_phone(visit: Visit, published: Published) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
    site = visit(storage_state=published.visitor, **phone)
    for path in ("/", "/upload", f"/watch/{published.video_id}"):
        site.open(path)
        assert site.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
