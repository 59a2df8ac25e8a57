"""Call a fold's function as it was declared, and hold it to its contract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from streams.event import Event, Tombstone, Wake
from streams.processor import KEEP, Fold, Moment, State, Step


class BrokenContract(TypeError):
    """A fold returned something else than it promised."""


def call(fold: Fold, state: State | None, event: Event | Wake, moment: Moment) -> Step[Any]:
    """What the fold decides; raises whatever its function raises, or BrokenContract."""
    given: list[object] = [] if fold.state is None else [state or fold.state()]
    given.append(event)
    if fold.takes_moment:
        given.append(moment)
    decided = fold.function(*given)
    return _stateless(fold, decided) if fold.state is None else _step(fold, decided)


def _stateless(fold: Fold, decided: object) -> Step[Any]:
    if decided is None:
        return Step(None)
    if isinstance(decided, Event | Tombstone):
        return Step(None, (decided,))
    if not isinstance(decided, Iterable):
        raise BrokenContract(f"{fold.name} returned {decided!r:.100}, but keeps no state: return its events")
    return Step(None, tuple(cast("Iterable[Event | Tombstone]", decided)))


def _step(fold: Fold, decided: object) -> Step[Any]:
    if not isinstance(decided, Step):
        raise BrokenContract(f"{fold.name} returned {decided!r:.100}: return a Step")
    step = cast("Step[Any]", decided)
    if step.state is None and step.wake_at not in (KEEP, None):
        raise BrokenContract(
            f"{fold.name} forgets a key and sets its timer in one step: keep the state as long as the timer"
        )
    return step
