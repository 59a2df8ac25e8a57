"""A video that is published, and pages of its owner and of others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from deploy.local.configuration import Local
from tests.e2e.conftest import PATIENCE, written
from tests.e2e.web.site import Published, Site, Visit
from tests.media_clips import Clip
from tests.platform_client import Platform


@pytest.fixture(scope="session")
def watched_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough to be watched, left and come back to; small enough to be encoded at once."""
    return written(tmp_path_factory, Clip(width=640, height=360, seconds=24))


@pytest.fixture(scope="package")
def published(browser: Browser, platform: Local, short_clip: Path) -> Published:
    context = browser.new_context(base_url=platform.page)
    site = Site(context.new_page())
    video_id = site.upload(short_clip)
    site.open(f"/watch/{video_id}")
    site.state("published")
    with Platform(platform.page, "anybody") as anybody:
        anybody.found(video_id, short_clip.stem)
    visitor = context.storage_state()
    context.close()
    return Published(video_id, visitor)


@pytest.fixture
def visit(browser: Browser, platform: Local) -> Iterator[Visit]:
    """Opens a visitor's page; options are those of a Playwright context. Errors that a page throws fail the test."""
    contexts: list[BrowserContext] = []
    thrown: list[str] = []

    def opened(**options: Any) -> Site:
        context = browser.new_context(base_url=platform.page, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        return Site(page)

    yield opened
    for context in contexts:
        context.close()
    assert thrown == []
