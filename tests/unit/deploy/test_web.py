"""The page is built again when its sources change, and only then."""

from pathlib import Path

import pytest

from deploy.local import web


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(web, "WEB", tmp_path)
    monkeypatch.setattr(web, "BUILT", tmp_path / "dist")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.ts").write_text("one")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / ".sources").write_text(web.sources_digest())
    return tmp_path


def test_unchanged_sources_are_built(page: Path):
    assert web.is_built()


def test_a_changed_source_is_not(page: Path):
    (page / "src" / "main.ts").write_text("two")
    assert not web.is_built()


def test_what_is_made_from_sources_does_not_count(page: Path):
    (page / "node_modules").mkdir()
    (page / "node_modules" / "vite.js").write_text("")
    (page / "dist" / "index.html").write_text("")
    assert web.is_built()
