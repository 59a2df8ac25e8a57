"""The sample platform with a fold whose every step can be held against the log, and a view of what it emitted."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from streams.catalogue import FOREVER, Catalogue, Topic
from streams.event import Event
from streams.platform import Platform
from streams.positions import VIEW_POSITIONS
from streams.processor import Fold, State, Step, Tally, View, fold, view
from streams.settings import Settings
from streams.tables import Table, Write
from tests import sample
from tests.sample import Deposited

PARTITIONS = 3


class Forwarded(Event, frozen=True, kw_only=True):
    """A deposit was passed on, as the account's `number`th, by this release; the one before it by release `after`."""

    topic: ClassVar[str] = "forwards"
    key_field: ClassVar[str] = "account"

    account: str
    sequence: int
    number: int
    release: int
    after: int


class Line(State, frozen=True):
    number: int = 0
    release: int = 0


def release() -> int:
    """Which version of the code this process has: no two workers have the same."""
    return int(os.environ["CHAOS_RELEASE"])


LINES = Table("lines", key={"account": "text"}, columns={"number": "bigint", "release": "bigint"})


@fold(reads=Deposited, emits=Forwarded, into=LINES)
def forward(line: Line, event: Deposited) -> Step[Line]:
    """Accepts everything. What it emits names what it remembers: where the two come apart, the chain breaks."""
    now = Line(number=line.number + 1, release=release())
    passed_on = Forwarded(
        account=event.account, sequence=event.sequence, number=now.number, release=now.release, after=line.release
    )
    return Step(now, [passed_on])


FORWARDS = Table(
    "forwards",
    key={"account": "text"},
    rows={"number": "bigint"},
    columns={"sequence": "bigint", "release": "bigint"},
)


@view(reads=Forwarded, into=FORWARDS)
def show_forwards(event: Forwarded) -> Write:
    return FORWARDS.put(account=event.account, number=event.number, sequence=event.sequence, release=event.release)


TABLES = (LINES, FORWARDS, sample.SUMS, VIEW_POSITIONS)
PROCESSORS: tuple[Fold | Tally | View, ...] = (forward, show_forwards, sample.count_deposits, sample.sum_deposits)


def platform(settings: Settings) -> Platform:
    base = sample.platform(settings, PARTITIONS)
    fields = dict.fromkeys(("sequence", "number", "release", "after"), "long")
    topic = Topic("forwards", "forwards", "tests", "account", PARTITIONS, FOREVER, ("Forwarded",))
    catalogue = Catalogue(
        {**base.catalogue.topics, topic.name: topic},
        {**base.catalogue.schemas, "Forwarded": sample.schema(Forwarded, **fields)},
    )
    return replace(base, root=Path(), catalogue=catalogue, classes=(*base.classes, Forwarded), processors=PROCESSORS)
