"""The page's TypeScript is checked, and its pure modules tested, by its own tools."""

from __future__ import annotations

import pytest

from deploy.local.report import Report
from deploy.local.web import install_packages, npm


@pytest.mark.parametrize("script", ["check", "test"])
async def test_the_page_passes_its_own(script: str) -> None:
    step = Report().step("web page")
    await install_packages(step)
    await npm(step, "run", script)
