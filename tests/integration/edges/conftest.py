"""One namespace for all of these tests; each takes names of its own within it."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from streams.settings import Settings


@pytest.fixture(scope="session")
def settings(servers: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The servers under a namespace that no other run has."""
    return replace(servers, namespace=f"t{uuid.uuid4().hex[:8]}", home=str(tmp_path_factory.mktemp("home")))
