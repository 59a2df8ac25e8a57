"""What an owner says of a video, and is told: how it is encoded, its captions, what was wrong with the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from deploy.local.configuration import Local
from tests.e2e.test_inputs import DAMAGED
from tests.e2e.web.site import MINUTE, Published, Visit
from tests.e2e.web.test_accessibility import violations
from tests.platform_client import Platform

SRT = "1\n00:00:00,500 --> 00:00:01,500\nGrüße\n"
BACKWARDS = SRT.replace("01,500", "00,100")


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    path = tmp_path / "damaged.mp4"
    path.write_bytes(DAMAGED)
    return path


def test_an_owner_chooses_how_a_file_is_encoded_and_is_told_what_is_wrong_with_it(
    platform: Local, visit: Visit, damaged: Path
) -> None:
    site = visit()
    site.open("/upload")
    expect(site.page.get_by_role("radio", name="Fast")).to_be_checked()
    site.page.get_by_role("radio", name="Balanced").check()
    with site.page.expect_request(lambda request: request.url.endswith("/v1/uploads")) as announced:
        line = site.choose(damaged)
    assert (announced.value.post_data_json or {})["encoding"] == "balanced"
    expect(line).to_contain_text("Balanced")
    warnings = line.get_by_role("list", name="Warnings")
    expect(warnings).to_contain_text("damaged in", timeout=3 * MINUTE)

    video_id = line.get_attribute("data-video")
    site.open(f"/watch/{video_id}")
    expect(site.page.get_by_role("list", name="Warnings")).to_contain_text("Upload a whole copy")
    other = visit()
    other.watch(video_id or "")
    expect(other.page.get_by_role("list", name="Warnings")).to_have_count(0)


def test_an_owner_adds_and_removes_captions_and_is_told_what_is_wrong_with_them(
    platform: Local, visit: Visit, published: Published
) -> None:
    site = visit(storage_state=published.visitor)
    site.open(f"/watch/{published.video_id}")
    panel = site.page.get_by_test_id("captions-panel")
    panel.get_by_text("None yet").click()

    add(panel, "klingon", SRT)
    expect(panel.get_by_role("alert")).to_contain_text("BCP 47")
    add(panel, "de", BACKWARDS)
    expect(panel.get_by_role("alert")).to_contain_text("Line 2")
    assert violations(site.page) == []
    add(panel, "de", SRT)
    listed = panel.get_by_role("list", name="Captions").get_by_role("listitem")
    expect(listed).to_contain_text("German")
    expect(panel.get_by_role("alert")).to_have_count(0)
    add(panel, "en", SRT, "English (for the hard of hearing)")
    expect(listed).to_have_count(2)
    assert captions(platform, published) == [("de", ""), ("en", "English (for the hard of hearing)")]

    for name in ("German", "English (for the hard of hearing)"):
        panel.get_by_role("button", name=f"Remove captions: {name}").click()
        expect(panel.get_by_role("button", name=f"Remove captions: {name}")).to_have_count(0)
    assert captions(platform, published) == []


def test_captions_are_their_owners(visit: Visit, published: Published) -> None:
    site = visit()
    site.watch(published.video_id)
    expect(site.page.get_by_test_id("captions-panel")).to_have_count(0)


def add(panel: Locator, language: str, text: str, name: str = "") -> None:
    """Fill the form and send it."""
    panel.get_by_label("Language of the captions").fill(language)
    panel.get_by_label("Name in the player's menu").fill(name)
    file = FilePayload(name="captions.srt", mimeType="", buffer=text.encode())
    panel.get_by_label("File, SubRip or WebVTT").set_input_files(file)
    panel.get_by_role("button", name="Add captions").click()
    expect(panel.get_by_role("button", name="Add captions")).to_be_enabled()


def captions(platform: Local, published: Published) -> list[tuple[str, str]]:
    """What anybody is told of."""
    with Platform(platform.page, "anybody") as anybody:
        return [(one["language"], one["label"]) for one in anybody.video(published.video_id)["captions"]]
