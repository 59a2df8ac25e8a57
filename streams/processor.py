"""The kinds of processor, and the decorators of three of them: what a data engineer declares, as data."""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, TypeVar

import msgspec
import polars as pl

from streams.event import Event, Tombstone, Wake, minutes
from streams.tables import Index, Table, Write


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What a fold remembers of one key. Every field has a default: an unseen key starts as `State()`.

    Kept as MessagePack by field name, so fields may be added (with a default) and removed.
    """


S = TypeVar("S", bound=State)


class Keep:
    """The value of `Step.wake_at` that leaves the key's timer as it is."""


KEEP: Final = Keep()


@dataclass(frozen=True)
class Step(Generic[S]):
    """What a fold decided: the new state (None forgets the key), the events to emit, and the key's one timer.

    `wake_at`: ms of the partition's clock at which the fold is handed a `Wake`; None clears it.
    """

    state: S | None
    emit: Sequence[Event | Tombstone] = ()
    wake_at: int | Keep | None = KEEP


class Moment(msgspec.Struct, frozen=True):
    """Where and when a record stands in the log: `clock` is the partition's LogAppendTime in ms."""

    topic: str  # without the installation's namespace
    partition: int
    offset: int
    clock: int
    causation_id: str = ""  # id of the event that caused this one, from the record's header


class ProcessorError(TypeError):
    """A declaration contradicts the design; the text says what to do."""


@dataclass(frozen=True)
class Fold:
    """Events of one topic, in order, to new state and new events.

    With `once`, an event id is accepted once per key for as long as the key has state; repeats are dropped.
    """

    name: str
    function: Callable[..., Any]
    reads: tuple[type[Event], ...]
    emits: tuple[type[Event], ...]
    state: type[State] | None  # None: stateless, the function takes the event alone and returns events
    once: bool
    forget_after: int | None
    takes_moment: bool
    into: Table | None = None
    kind: Literal["fold"] = "fold"


@dataclass(frozen=True)
class View:
    """Events to rows or documents. The function is pure and returns the writes."""

    name: str
    function: Callable[..., Write | Iterable[Write] | None]
    reads: tuple[type[Event], ...]
    into: tuple[Table | Index, ...]
    takes_moment: bool
    kind: Literal["view"] = "view"


@dataclass(frozen=True)
class Work:
    """A task that touches the world. Runs at least once, in any order; its events carry natural ids."""

    name: str
    function: Callable[..., AsyncIterator[Event]]
    reads: tuple[type[Event], ...]
    emits: tuple[type[Event], ...]
    failed: Callable[[Any, BaseException], Event] | None
    time_limit: int | Mapping[type[Event], int]
    slots: int
    needs: dict[str, Any] = field(default_factory=dict[str, Any])  # parameter name to the type of what is injected
    kind: Literal["work"] = "work"

    def limit(self, task: type[Event]) -> int:
        """Milliseconds that a task of that kind may take."""
        return self.time_limit if isinstance(self.time_limit, int) else self.time_limit[task]


@dataclass(frozen=True)
class Tally:
    """Keyed sums over one topic, declared by `streams.tally.tally`, which says what the fields are."""

    name: str
    module: str
    reads: tuple[type[Event], ...]
    where: pl.Expr | None
    once_by: tuple[str, ...] | None
    by: Mapping[str, pl.Expr]
    totals: Mapping[str, pl.Expr]
    into: Table
    forget_after: int
    kind: Literal["tally"] = "tally"


Processor = Fold | View | Work | Tally


def fold(
    *,
    reads: type[Event] | Sequence[type[Event]],
    emits: type[Event] | Sequence[type[Event]] = (),
    once: bool = False,
    forget_after: int | None = None,
    into: Table | None = None,
) -> Callable[[Callable[..., Any]], Fold]:
    """Declare a fold: `(state, event) -> Step`, or `(event) -> [events]` where it needs no state.

    A further parameter annotated `Moment` receives the record's place and time. `forget_after` (ms) drops a
    key's state that long after its last event, by the partition's clock. Raises ProcessorError where the
    events read are on several topics: their order is not in the log.
    """

    def declare(function: Callable[..., Any]) -> Fold:
        hints = _hints(function)
        states = [t for t in hints.values() if isinstance(t, type) and issubclass(t, State)]
        read = _events(reads)
        if len({e.topic for e in read}) > 1:
            topics = ", ".join(sorted({e.topic for e in read}))
            raise ProcessorError(
                f"fold {_name(function)} reads {topics}; the order of two topics is not in the log\n"
                "  mend:   forward one topic's events into the other by a processor of their own"
            )
        return Fold(
            name=_name(function),
            function=function,
            reads=read,
            emits=_events(emits),
            state=states[0] if states else None,
            once=once,
            forget_after=forget_after,
            takes_moment=Moment in hints.values(),
            into=into,
        )

    return declare


def view(
    *,
    reads: type[Event] | Sequence[type[Event]],
    into: Table | Index | Sequence[Table | Index],
) -> Callable[[Callable[..., Any]], View]:
    """Declare a view: `(event) -> Write | [Write] | None`.

    Raises ProcessorError where a row's key does not hold the topic's key: two partitions would then write
    the same row, and their order is not in the log.
    """

    def declare(function: Callable[..., Any]) -> View:
        targets = (into,) if isinstance(into, (Table, Index)) else tuple(into)
        read = _events(reads)
        for target in targets:
            for event in read:
                if event.key_field not in target.identity:
                    raise ProcessorError(
                        f"view {_name(function)}: a row of {target.name} is known by {', '.join(target.identity)}, "
                        f"which does not hold {event.key_field}, the key of topic {event.topic}\n"
                        f"  mend:   add {event.key_field} to the row's key, or emit into a topic with that key first"
                    )
        return View(
            _name(function),
            function,
            read,
            targets,
            takes_moment=Moment in _hints(function).values(),
        )

    return declare


def work(
    *,
    reads: type[Event] | Sequence[type[Event]],
    emits: type[Event] | Sequence[type[Event]],
    failed: Callable[[Any, BaseException], Event] | None = None,
    time_limit: int | Mapping[type[Event], int] = minutes(10),
    slots: int = 1,
) -> Callable[[Callable[..., Any]], Work]:
    """Declare a work: `async (task, …needs) -> AsyncIterator[Event]`.

    The task is acknowledged after its events are confirmed. An exception becomes the event that `failed`
    makes of it (a fold decides on another try); without `failed` the task is released, and dead-lettered at
    its last delivery. `time_limit` in ms, or that by kind of task. Further parameters are injected by their
    annotation (`Objects`).
    """

    def declare(function: Callable[..., Any]) -> Work:
        hints = _hints(function)
        names = list(inspect.signature(function).parameters)
        needs = {name: hints[name] for name in names[1:]}
        return Work(
            _name(function),
            function,
            _events(reads),
            _events(emits),
            failed,
            time_limit,
            slots,
            needs,
        )

    return declare


def _events(given: type[Event] | Sequence[type[Event]]) -> tuple[type[Event], ...]:
    return (given,) if isinstance(given, type) else tuple(given)


def _name(function: Callable[..., Any]) -> str:
    return function.__name__


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    module = sys.modules[function.__module__]
    hints = typing.get_type_hints(function, {**vars(module), "Wake": Wake})
    hints.pop("return", None)
    return hints
