"""What a newcomer does: drop a file on the page, and watch it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

MINUTE = 60_000
MOVING = """() => {
  const player = document.querySelector('[data-testid=player]')
  player.play().catch(() => {}) // switching the engine interrupts it
  return player.currentTime > 1.5 && player.videoWidth > 0
}"""


def upload(page: Page, file: Path) -> str:
    """Upload through the page; the id of the video once its watch page can be opened."""
    page.goto("/upload")
    page.get_by_test_id("file").set_input_files(str(file))
    link = page.get_by_test_id("upload").locator("a[href*='/watch/']").first
    expect(link).to_be_visible(timeout=2 * MINUTE)
    target = link.get_attribute("href")
    assert target
    return target.rsplit("/", 1)[1]


def watch(page: Page, video_id: str, engine: str = "hls") -> None:
    """Open the watch page and see the picture move."""
    page.goto(f"/watch/{video_id}")
    if engine == "dash":
        page.get_by_test_id("engine").select_option("dash")
    player = page.get_by_test_id("player")
    expect(player).to_be_visible(timeout=MINUTE)
    page.wait_for_function(MOVING, timeout=2 * MINUTE, polling=500)


@pytest.mark.parametrize("engine", ["hls", "dash"])
def test_a_file_dropped_on_the_page_is_uploaded_encoded_and_plays(page: Page, short_clip: Path, engine: str) -> None:
    video_id = upload(page, short_clip)
    watch(page, video_id, engine)
    expect(page.get_by_test_id("state")).to_contain_text("published", ignore_case=True, timeout=2 * MINUTE)


@pytest.mark.timeout(600)
def test_a_video_plays_to_its_end_while_it_is_still_being_encoded(page: Page, long_clip: Path) -> None:
    video_id = upload(page, long_clip)
    watch(page, video_id)
    state = page.get_by_test_id("state").inner_text()
    page.evaluate("() => { document.querySelector('[data-testid=player]').playbackRate = 2 }")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=player]').ended", timeout=4 * MINUTE, polling=1000
    )
    assert "published" not in state.lower(), "the clip is too short to prove that it played while it was encoded"


def test_the_library_shows_what_was_uploaded(page: Page, short_clip: Path) -> None:
    video_id = upload(page, short_clip)
    page.goto("/")
    expect(page.locator(f"a[href$='/watch/{video_id}']").first).to_be_visible(timeout=MINUTE)


def test_a_file_that_is_no_video_is_refused_with_a_reason(page: Page, tmp_path: Path) -> None:
    fake = tmp_path / "fake.mp4"
    fake.write_text("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n")
    page.goto("/upload")
    page.get_by_test_id("file").set_input_files(str(fake))
    item = page.get_by_test_id("upload").first
    expect(item).to_contain_text("playlist", ignore_case=True, timeout=2 * MINUTE)
