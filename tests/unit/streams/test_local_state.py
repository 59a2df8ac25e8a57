"""A local copy of a changelog is trusted only if it is one."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from streams import local_state
from streams.entry import APPLIED, WAKE, Applied, Timer, timer_of
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


def entry(wake_at: int | None) -> bytes:
    return msgspec.msgpack.encode({"state": {}, "wake_at": wake_at})


CHANGELOG: list[tuple[bytes, bytes | None]] = [
    (b"kann", entry(5)), (b"kbob", entry(7)), (b"kann", entry(9)), (b"kbob", None), (b"keve", entry(3)),
    (b"kann", entry(None)), (b"keve", entry(4)), (b"kann", entry(6)),
]  # fmt: skip


@pytest.mark.parametrize("together", [1, 3, 8])
def test_timers_follow_from_the_changelog_however_it_is_cut(tmp_path: Path, together: int) -> None:
    state = LocalState.open(tmp_path, "log-1")
    for start in range(0, len(CHANGELOG), together):
        state.recover(dict(CHANGELOG[start : start + together]), start + together)
    list(state.index())
    assert timers(state) == [Timer(4, "eve", WAKE), Timer(6, "ann", WAKE)]
    state.recover({b"keve": entry(None), b"kbob": entry(1)}, 10)  # what came while this copy was away
    list(state.index())
    assert timers(state) == [Timer(1, "bob", WAKE), Timer(6, "ann", WAKE)]
    state.close()


def test_an_index_that_was_interrupted_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_state, "LOT", 1)
    state = LocalState.open(tmp_path, "log-1")
    state.recover(dict(CHANGELOG), 8)
    next(state.index())  # killed after the first lot
    state.close()
    state = LocalState.open(tmp_path, "log-1")
    state.recover({b"kann": None}, 9)
    list(state.index())
    assert timers(state) == [Timer(4, "eve", WAKE)]
    assert state.checkpoint == 9
    state.close()


def timers(state: LocalState) -> list[Timer]:
    return [timer_of(key) for key, _ in state.store.scan(b"t")]
