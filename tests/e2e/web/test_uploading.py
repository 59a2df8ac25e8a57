"""Uploads that are interrupted, refused, cancelled, or more than one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.e2e.web.site import MINUTE, Visit

MIB = 1 << 20
LARGE = 80 * MIB  # beyond what is sent in one piece


@pytest.fixture(scope="package")
def large_clip(tmp_path_factory: pytest.TempPathFactory, short_clip: Path) -> Path:
    """The short clip, followed by a `free` box (ISO/IEC 14496-12, 8.1.2) that makes it large."""
    clip = short_clip.read_bytes()
    padding = LARGE - len(clip)
    path = tmp_path_factory.mktemp("large") / "large.mp4"
    path.write_bytes(clip + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8))
    return path


def slow_down(page: Page, bytes_per_second: int) -> None:
    """The line's upload speed; -1 for as fast as it is."""
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", limits)


def part_reported(answer: Response) -> bool:
    return answer.request.method == "PUT" and "/parts/" in answer.url


def sent(line: Locator) -> int:
    """Percent, as the line's progress bar says."""
    return int(line.get_by_role("progressbar").first.get_attribute("aria-valuenow") or 0)


def test_after_a_reload_an_upload_goes_on_where_it_was(visit: Visit, large_clip: Path) -> None:
    site = visit()
    site.open("/upload")
    slow_down(site.page, 8 * MIB)
    with site.page.expect_response(part_reported, timeout=MINUTE):
        site.choose(large_clip)
    site.page.reload()
    site.ready()
    line = site.page.get_by_test_id("upload")
    expect(line).to_have_attribute("data-phase", "lost")
    expect(line).to_contain_text("Choose the file again")
    expect(line.get_by_role("progressbar")).not_to_have_attribute("aria-valuenow", "0", timeout=MINUTE)
    held = sent(line)

    slow_down(site.page, -1)
    moved: list[int] = []
    site.page.on("request", lambda put: moved.append(1) if put.method == "PUT" and ".parts/" in put.url else None)
    site.choose(large_clip)
    expect(line.get_by_test_id("watch")).to_be_visible(timeout=3 * MINUTE)
    parts = LARGE // (8 * MIB)
    assert len(moved) <= parts - held * parts // 100, "parts that the store held were sent again"


def test_a_broken_line_is_waited_out(visit: Visit, short_clip: Path) -> None:
    site = visit()
    site.open("/upload")
    site.page.context.set_offline(True)
    line = site.choose(short_clip)
    site.page.wait_for_timeout(1500)
    expect(line.get_by_test_id("watch")).to_have_count(0)
    site.page.context.set_offline(False)
    expect(line.get_by_test_id("watch")).to_be_visible(timeout=3 * MINUTE)


def test_several_files_go_up_side_by_side(visit: Visit, short_clip: Path, tmp_path: Path) -> None:
    other = tmp_path / "other name.mp4"
    other.write_bytes(short_clip.read_bytes())
    site = visit()
    site.open("/upload")
    site.choose(short_clip, other)
    lines = site.page.get_by_test_id("upload")
    expect(lines).to_have_count(2)
    for line in lines.all():
        expect(line.get_by_test_id("watch")).to_be_visible(timeout=3 * MINUTE)


def test_what_the_gateway_would_refuse_is_refused_at_once_with_a_way_out(visit: Visit, tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.mp4", tmp_path / "notes.txt"
    empty.touch()
    text.write_text("no video")
    site = visit()
    site.open("/upload")
    expect(site.choose(empty)).to_contain_text("This file is empty")
    expect(site.choose(text)).to_contain_text("Choose a video")


def test_a_cancelled_upload_is_forgotten(visit: Visit, large_clip: Path) -> None:
    site = visit()
    site.open("/upload")
    slow_down(site.page, 4 * MIB)
    line = site.choose(large_clip)
    expect(line).to_contain_text("/s", timeout=MINUTE)
    line.get_by_role("button", name="Cancel").click()
    expect(line).to_have_count(0)
    site.page.reload()
    site.ready()
    expect(line).to_have_count(0)
