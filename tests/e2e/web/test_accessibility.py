"""Every page against axe's rules of WCAG 2.2 A and AA, in light and in dark."""

from __future__ import annotations

import json
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from deploy.local.web import INSTALLED
from tests.e2e.web.site import MINUTE, Published, Visit

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds, each with the elements it is about."""
    page.evaluate((INSTALLED / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")
    assert len(found["passes"]) > 10, "axe looked at nothing"
    return [f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes']]}" for one in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule(visit: Visit, published: Published, scheme: Literal["light", "dark"]) -> None:
    site = visit(color_scheme=scheme, reduced_motion="reduce", storage_state=published.visitor)
    found: dict[str, list[str]] = {}
    for path in ("/", "/search", "/search?q=clip", "/upload", "/sign-in", f"/watch/{published.video_id}"):
        site.open(path)
        expect(site.page.locator("[aria-busy=true]")).to_have_count(0, timeout=MINUTE)
        found[path] = violations(site.page)
    assert {path: broken for path, broken in found.items() if broken} == {}


@pytest.mark.usefixtures("published")
def test_no_menu_or_dialog_breaks_a_rule(visit: Visit) -> None:
    site = visit(reduced_motion="reduce")
    site.open("/")
    site.page.get_by_role("combobox").fill("clip")
    expect(site.page.get_by_role("option").first).to_be_visible(timeout=MINUTE)
    assert violations(site.page) == []
    site.page.keyboard.press("Escape")
    site.page.get_by_role("button", name="Account:").click()
    assert violations(site.page) == []
    site.page.get_by_role("menuitem", name="Delete my account").click()
    assert violations(site.page) == []
