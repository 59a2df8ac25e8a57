"""A small platform for tests of the engine: deposits of accounts, counted by folds and a tally, shown by a view.

Run as a module it is a worker that hosts them, or those named: `python -m tests.sample [NAME …]` with the settings in
the environment.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, ClassVar

from streams.catalogue import FOREVER, Catalogue, Topic
from streams.event import Event, Wake
from streams.platform import Platform
from streams.processor import KEEP, Fold, State, Step, Tally, View, fold, view
from streams.settings import Settings
from streams.tables import Table, Write
from streams.tally import col, count
from streams.tally import tally as declare_tally


class Deposited(Event, frozen=True, kw_only=True):
    """Money came in. 666 is rejected, 1000 is worth a word at once; `hold_ms` asks for a reminder that much later."""

    topic: ClassVar[str] = "deposits"
    key_field: ClassVar[str] = "account"

    account: str
    amount: int
    hold_ms: int = 0
    sequence: int = 0  # of the account's deposits, as its owner counts them


class Closed(Event, frozen=True, kw_only=True):
    """An account is closed."""

    topic: ClassVar[str] = "deposits"
    key_field: ClassVar[str] = "account"

    account: str


class Counted(Event, frozen=True, kw_only=True):
    """What an account holds after a deposit, and how many there have been."""

    topic: ClassVar[str] = "totals"
    key_field: ClassVar[str] = "account"

    account: str
    total: int
    number: int


class Tallied(Event, frozen=True, kw_only=True):
    """What an account's deposits come to, each record counted, also those sent twice."""

    topic: ClassVar[str] = "tallies"
    key_field: ClassVar[str] = "account"

    account: str
    total: int
    number: int


class Reminded(Event, frozen=True, kw_only=True):
    """A task: tell the account's owner."""

    topic: ClassVar[str] = "reminders"
    key_field: ClassVar[str] = "account"

    account: str
    at: int


class Total(State, frozen=True):
    total: int = 0
    number: int = 0


class Poison(Exception):
    """The fold rejects this deposit."""


def poisonous() -> bool:
    """Is 666 still rejected? A file takes the place of a corrected release."""
    return not Path(os.environ.get("SAMPLE_CURE", "/nonexistent")).exists()


@fold(reads=[Deposited, Closed], emits=[Counted, Reminded], once=True)
def count_deposits(total: Total, event: Deposited | Closed | Wake) -> Step[Total]:
    """Each deposit is answered by the new total."""
    match event:
        case Closed():
            return Step(None)
        case Wake():
            return Step(total, [Reminded(account=event.key, at=event.at)])
        case Deposited():
            if event.amount == 666 and poisonous():
                raise Poison("666")
            after = Total(total=total.total + event.amount, number=total.number + 1)
            counted = Counted(account=event.account, total=after.total, number=after.number)
            word = [Reminded(account=event.account, at=0)] if event.amount == 1000 else []
            return Step(after, [counted, *word], wake_at=event.occurred_at + event.hold_ms if event.hold_ms else KEEP)


NAGGED = Table("nagged", key={"account": "text"}, columns={"total": "bigint"})


@fold(reads=Deposited, emits=[Counted, Reminded], forget_after=20, into=NAGGED)
def nag(total: Total, event: Deposited | Wake) -> Step[Total]:
    """Reminds at every record, for as long as the account is remembered."""
    if isinstance(event, Wake):
        return Step(total, [Reminded(account=event.key, at=event.at)], wake_at=event.at)
    if event.amount == 666 and poisonous():
        raise Poison("666")
    after = Total(total=total.total + event.amount, number=total.number + 1)
    return Step(after, [Counted(account=event.account, total=after.total, number=after.number)], wake_at=0)


TALLIES = Table("tallies", key={"account": "text"}, columns={"total": "bigint", "number": "bigint"})


@fold(reads=Deposited, emits=Tallied, into=TALLIES)
def tally(total: Total, event: Deposited) -> Step[Total]:
    """Has no ids to fall back on: a record applied twice, or not at all, shows."""
    after = Total(total=total.total + event.amount, number=total.number + 1)
    return Step(after, [Tallied(account=event.account, total=after.total, number=after.number)])


TOTALS = Table("totals", key={"account": "text"}, columns={"total": "bigint", "number": "bigint"})


@view(reads=Counted, into=TOTALS)
def show_totals(event: Counted) -> Write:
    return TOTALS.put(account=event.account, total=event.total, number=event.number)


SUMS = Table(
    "sums", key={"account": "text"}, rows={"partition": "int"}, columns={"total": "bigint", "number": "bigint"}
)

sum_deposits = declare_tally(
    name="sum_deposits",
    reads=Deposited,
    once_by=["account", "sequence"],
    by=["account"],
    totals={"total": col("amount").sum(), "number": count()},
    into=SUMS,
)

EVENTS: tuple[type[Event], ...] = (Deposited, Closed, Counted, Tallied, Reminded)
PROCESSORS: tuple[Fold | Tally | View, ...] = (count_deposits, tally, sum_deposits, show_totals)


def schema(event: type[Event], **fields: str) -> dict[str, Any]:
    """An Avro schema of an event with these further fields."""
    known = {"event_id": "string", "occurred_at": "long", "account": "string"}
    return {
        "type": "record",
        "name": event.__name__,
        "namespace": f"playlog.{event.topic}",
        "doc": event.__doc__,
        "fields": [{"name": name, "type": kind, "doc": name} for name, kind in {**known, **fields}.items()],
    }


def catalogue(partitions: int = 2) -> Catalogue:
    topics = {
        name: Topic(name, name, "tests", "account", partitions, FOREVER, tuple(events), share=name == "reminders")
        for name, events in {
            "deposits": ["Deposited", "Closed"],
            "totals": ["Counted"],
            "tallies": ["Tallied"],
            "reminders": ["Reminded"],
        }.items()
    }
    schemas = {
        "Deposited": schema(Deposited, amount="long", hold_ms="long", sequence="long"),
        "Closed": schema(Closed),
        "Counted": schema(Counted, total="long", number="long"),
        "Tallied": schema(Tallied, total="long", number="long"),
        "Reminded": schema(Reminded, at="long"),
    }
    return Catalogue(topics, schemas)


def platform(settings: Settings, partitions: int = 2) -> Platform:
    return Platform(Path(), settings, catalogue(partitions), EVENTS, PROCESSORS)


if __name__ == "__main__":
    import logging

    from streams.worker import run

    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    chosen = [one for one in PROCESSORS if not sys.argv[1:] or one.name in sys.argv[1:]]
    asyncio.run(run(platform(Settings.from_environment()), chosen))
