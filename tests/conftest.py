"""What every tier shares: real servers, one set a run, and a namespace of its own for every test.

`PLAYLOG_TEST_SERVERS=dev` uses the servers that the environment names (those of a running `playlog up`, by
default) instead of starting some: quicker while one works on a test.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from streams.settings import Settings
from tests.ordinary_priority import keep_to_ordinary_priority
from tests.own_stack import own_environment, playlog_up

TESTS = Path(__file__).parent
TIERS = ("unit", "policy", "contract", "integration", "e2e")  # quick ones first; Playwright's loop disturbs no other


def pytest_configure() -> None:
    keep_to_ordinary_priority()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(TESTS / "unit"):
            item.add_marker("unit")
    items.sort(key=lambda item: TIERS.index(item.path.relative_to(TESTS).parts[0]))


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The real Kafka, Cassandra, OpenSearch, S3 store and registry. A run that can't have them fails."""
    if os.environ.get("PLAYLOG_TEST_SERVERS") == "dev":
        yield Settings.from_environment()
        return
    with playlog_up(own_environment(tmp_path_factory.mktemp("stack")), "--servers") as local:
        yield local.settings()


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The servers under a namespace that no other test has."""
    if request.node.get_closest_marker("unit"):
        pytest.fail("a unit test needs no server: move it to tests/integration")
    servers: Settings = request.getfixturevalue("servers")
    return replace(servers, namespace=f"t{uuid.uuid4().hex[:8]}", home=str(tmp_path))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser for end-to-end tests. A run that can't have it fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.fail("no Chromium: install it (Debian: apt-get install chromium)")
    return found
