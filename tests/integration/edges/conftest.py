"""Servers of a run of their own names: nothing of two runs meets."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from streams.settings import Settings


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The development servers, under a namespace that nobody else uses."""
    return replace(Settings.from_environment(), namespace=f"t{uuid.uuid4().hex[:8]}")
