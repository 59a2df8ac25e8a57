"""The whole platform as child processes, and a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from deploy.local.configuration import Local
from tests.media_clips import Clip, make
from tests.own_stack import own_environment, playlog_up

PATIENCE = 60_000  # milliseconds; guards against a hang, never a measure

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
]


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """`playlog up` with everything, on ports and data of its own."""
    with playlog_up(own_environment(tmp_path_factory.mktemp("platform"))) as local:
        yield local


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, platform: Local) -> Iterator[Page]:
    """A fresh visitor on the platform's page; errors the page throws fail the test."""
    context = browser.new_context(base_url=platform.page)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    context.close()
    assert thrown == []


@pytest.fixture(scope="session")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds with sound."""
    return written(tmp_path_factory, Clip(width=640, height=360, seconds=8))


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three quarters of a minute: long enough to be watched, and killed, while it is encoded."""
    return written(tmp_path_factory, Clip(width=1280, height=720, seconds=45))


def written(tmp_path_factory: pytest.TempPathFactory, clip: Clip) -> Path:
    path = tmp_path_factory.mktemp("clips") / f"clip.{clip.container}"
    path.write_bytes(make(clip))
    return path
