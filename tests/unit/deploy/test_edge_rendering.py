"""The edge's configuration: whole, and refusing as the gateway does."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from deploy.edge.rendering import Edge, render
from gateway.media import refusals
from gateway.media.caching import CORS


def edge(folder: Path, secret: str = "secret") -> Edge:
    return Edge("127.0.0.1:8081", "127.0.0.1:8080", secret, folder, folder / "requests.log")


@pytest.mark.parametrize("secret", ["", "two\nlines", "nul\0"])
def test_a_secret_that_no_line_can_hold_is_refused(tmp_path: Path, secret: str) -> None:
    with pytest.raises(ValueError, match="PLAYLOG_MEDIA_SECRET"):
        render(edge(tmp_path, secret))


@pytest.mark.parametrize("folder", ["dollar$", 'quote"', "back\\slash"])
def test_a_folder_that_nginx_can_not_name_is_refused(tmp_path: Path, folder: str) -> None:
    with pytest.raises(ValueError, match="choose a folder"):
        render(edge(tmp_path / folder))


def test_it_refuses_with_the_gateways_own_documents(tmp_path: Path) -> None:
    text = render(edge(tmp_path))
    for problem in (refusals.forged(), refusals.expired()):
        assert f"return {problem.status} '{msgspec.json.encode(problem.body).decode()}';" in text
    assert all(f'add_header {name} "{value}" always;' in text for name, value in CORS.items())


def test_every_placeholder_is_filled_in(tmp_path: Path) -> None:
    assert "@@" not in render(edge(tmp_path))
