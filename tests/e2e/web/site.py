"""The web page as its tests use it: what a person sees and does, not how it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

MINUTE = 60_000  # milliseconds; guards against a hang, never a measure
PLAYER = "document.querySelector('[data-testid=player]')"


@dataclass(frozen=True)
class Published:
    """A video, and what its owner's browser keeps between visits."""

    video_id: str
    visitor: Any


@dataclass(frozen=True)
class Site:
    """One visitor's page."""

    page: Page

    def open(self, path: str) -> None:
        """Go there and wait until the page shows its first data."""
        self.page.goto(path)
        self.ready()

    def ready(self) -> None:
        expect(self.page.locator("html[data-ready='1']")).to_be_attached(timeout=MINUTE)

    def choose(self, *files: Path) -> Locator:
        """Give files to the upload page; the newest upload's line."""
        self.page.get_by_test_id("file").set_input_files([str(file) for file in files])
        return self.page.get_by_test_id("upload").first

    def upload(self, file: Path) -> str:
        """Upload a file; the video's id, once it can be watched."""
        self.open("/upload")
        line = self.choose(file)
        expect(line.get_by_test_id("watch")).to_be_visible(timeout=3 * MINUTE)
        video_id = line.get_attribute("data-video")
        assert video_id
        return video_id

    def watch(self, video_id: str) -> None:
        """Open a video and wait until its picture is there."""
        self.open(f"/watch/{video_id}")
        self.until("v.readyState >= 2 && v.videoWidth > 0")

    def until(self, condition: str) -> None:
        """Wait for something about the `<video>` element `v`."""
        self.page.wait_for_function(
            f"() => {{ const v = {PLAYER}; return v && ({condition}) }}", timeout=MINUTE, polling=100
        )

    def of_video(self, expression: str) -> Any:
        """What an expression about the `<video>` element `v` gives."""
        return self.page.evaluate(f"() => {{ const v = {PLAYER}; return {expression} }}")

    def state(self, state: str) -> None:
        """Wait until the watched video is in this state."""
        expect(self.page.get_by_test_id("state")).to_have_attribute("data-state", state, timeout=3 * MINUTE)


Visit = Callable[..., Site]  # opens a new visitor's page; the options are those of a Playwright context
