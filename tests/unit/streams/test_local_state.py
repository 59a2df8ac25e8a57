"""A local copy of a changelog is trusted only if it is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams import local_state
from streams.entry import APPLIED, Applied
from streams.local_state import LocalState


def written(folder: Path, changelog: str) -> None:
    state = LocalState.open(folder, changelog)
    state.write({b"kann": b"x", APPLIED: b"\x81\xa6offset\x07"}, {}, 9)
    state.close()


def test_a_copy_goes_on_where_it_was(tmp_path: Path) -> None:
    written(tmp_path, "log-1")
    state = LocalState.open(tmp_path, "log-1")
    assert (state.checkpoint, state.applied, state.store.get(b"kann")) == (9, Applied(offset=7), b"x")
    state.close()


def test_a_copy_of_another_changelog_is_thrown_away(tmp_path: Path) -> None:
    written(tmp_path, "log-1")
    state = LocalState.open(tmp_path, "log-2")
    assert (state.checkpoint, state.applied, state.store.get(b"kann")) == (0, Applied(), None)
    state.close()


def test_a_copy_that_may_have_missed_tombstones_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "log-1")
    monkeypatch.setattr(local_state, "STALE", -1)
    state = LocalState.open(tmp_path, "log-1")
    assert (state.checkpoint, state.applied) == (0, Applied())
    state.close()
