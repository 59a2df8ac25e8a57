"""Make the pictures of the README anew: `python -m tests.e2e.web.pictures`, with the platform running.

Publishes a few small films, has viewers simulated who watch them, and takes the page as they leave it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from deploy.local.configuration import Local
from tests.e2e.conftest import CHROMIUM
from tests.e2e.web.landscapes import LANDSCAPES, film
from tests.e2e.web.site import MINUTE, Site
from tests.platform_client import Platform

DOCS = Path(__file__).parents[3] / "docs"
SECONDS = 30
COLOURS = 256  # of a palette: a third of the bytes, and no eye sees it
OWNER = "painter"
SIMULATED = ("--viewers", "40", "--rate", "4", "--seconds", "30", "--speed", "20")


def main() -> None:
    local = Local.from_environment()
    video_ids = published(local.page)
    chosen = [part for video_id in video_ids for part in ("--videos", video_id)]
    simulate = [sys.executable, "-m", "deploy.commands", "simulate", *SIMULATED, "--gateway", local.page, *chosen]
    subprocess.run(simulate, check=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium") or None, args=CHROMIUM)
        context = browser.new_context(base_url=local.page, viewport={"width": 1280, "height": 1000})
        take(Site(context.new_page()), video_ids)
        browser.close()


def published(page: str) -> list[str]:
    """The films' videos, uploaded and described where that has not been done before; their ids."""
    with Platform(page, OWNER) as owner, tempfile.TemporaryDirectory() as folder:
        listed = owner.http.get("/v1/videos", params={"owner": "me", "limit": 100}).raise_for_status().json()["videos"]
        known = {video["title"]: video["video_id"] for video in listed}
        for number, (title, landscape) in enumerate(LANDSCAPES.items()):
            if title in known:
                continue
            file = Path(folder) / f"{number}.mp4"
            file.write_bytes(film(landscape, SECONDS))
            known[title] = owner.upload(file)
            owner.wait(known[title], {"published"})
            words = {"title": title, "description": f"{title}, as it went by.", "tags": ["slow", "landscape"]}
            owner.http.patch(f"/v1/videos/{known[title]}", json=words | {"language": "en"}).raise_for_status()
        return [known[title] for title in LANDSCAPES]


def take(site: Site, video_ids: list[str]) -> None:
    """Home, search, and last the video's page, watched for a while."""
    site.open(f"/watch/{video_ids[1]}")
    site.until("v.currentTime > 13")  # a view: now something may be recommended because of it
    site.open("/")
    for shelf in ("recommended", "trending"):
        expect(site.page.get_by_test_id(f"shelf-{shelf}")).to_have_attribute("data-state", "full", timeout=MINUTE)
    picture(site.page, "home")
    site.page.get_by_role("combobox").fill("slow")
    site.page.keyboard.press("Enter")
    expect(site.page.get_by_test_id("found")).to_be_visible(timeout=MINUTE)
    site.page.get_by_role("combobox").fill("f")
    expect(site.page.get_by_role("option").first).to_be_visible(timeout=MINUTE)
    site.page.keyboard.press("ArrowDown")
    picture(site.page, "search")
    site.watch(video_ids[0])
    site.page.get_by_test_id("rating").locator("label").nth(3).click()
    site.until("v.currentTime > 22")
    site.page.get_by_test_id("numbers").scroll_into_view_if_needed()
    picture(site.page, "watch-numbers")


def picture(page: Page, name: str) -> None:
    """A small PNG in `docs/`."""
    page.wait_for_load_state("networkidle" if name == "home" else "load")
    page.wait_for_function("[...document.images].every((image) => image.complete || image.loading === 'lazy')")
    path = DOCS / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as whole:
        small = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main()
