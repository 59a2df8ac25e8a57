"""The files of a new processor, as text. Pure."""

from __future__ import annotations

import json
from typing import Any

from deploy.scaffold.request import Request

UUID = {"type": "string", "logicalType": "uuid"}
MOMENT = {"type": "long", "logicalType": "timestamp-millis"}
EXAMPLE_ID = "d9b1f3a2-6c47-5e0b-9a8d-1f2e3d4c5b6a"
BASE = (
    {"name": "event_id", "type": UUID, "doc": "Identity of the event; the same on every retry and replay."},
    {"name": "occurred_at", "type": MOMENT,
     "doc": "When it happened, ms since 1970 UTC: the clock of the event's cause, or the client's."},
)  # fmt: skip


def topic(name: str, purpose: str, owner: str, key: str, event: str, reader: str | None, tasks: bool) -> str:
    """A topic's YAML."""
    partitions, retention = (1, "7 days") if tasks else (4, "forever")
    lines = [
        f"purpose: {purpose}", f"owner: {owner}", f"key: {key}", f"partitions: {partitions}",
        f"retention: {retention}", f"events: [{event}]",
    ]  # fmt: skip
    lines += [f"read_by: [{reader}]"] if reader else []
    return "\n".join([*lines, *(["share: true"] if tasks else [])]) + "\n"


def schema(topic_name: str, event: str, doc: str, key: str, more: tuple[dict[str, Any], ...]) -> str:
    """An event's Avro schema: identity, time, the topic's key, and more fields."""
    fields = [*BASE, {"name": key, "type": "string", "doc": "The topic's key."}, *more]
    head = {"type": "record", "name": event, "namespace": f"playlog.{topic_name.replace('-', '_')}", "doc": doc}
    rows = ",\n".join(f"  {json.dumps(field)}" for field in fields)
    return f'{json.dumps(head)[:-1]},\n "fields": [\n{rows}\n ]}}\n'


def example(key: str, more: dict[str, Any]) -> str:
    """An example of such an event."""
    return json.dumps({"event_id": EXAMPLE_ID, "occurred_at": 1767225600000, key: "example", **more}, indent=1) + "\n"


def processor(r: Request) -> str:
    return {"fold": _fold, "view": _view, "work": _work}[r.kind](r)


def _fold(r: Request) -> str:
    return f'''"""Say what {r.name} decides.

In:      {r.reads}  ({r.event}, by {r.key})
Out:     {r.into}  ({r.emits}, by {r.key})
State:   how many events a key has had
Replay:  safe: the same events give the same {r.emits}, with the same ids
"""

from __future__ import annotations

{_imports(r)}
from streams.processor import State, Step, fold


class Seen(State, frozen=True):
    """What is known of a key."""

    events: int = 0


@fold(reads={r.event}, emits={r.emits})
def {r.name}(seen: Seen, event: {r.event}) -> Step[Seen]:
    """Tell of a key once, at its first event."""
    told = [{r.emits}({r.key}=event.{r.key})] if seen.events == 0 else []
    return Step(Seen(events=seen.events + 1), told)
'''


def _imports(r: Request) -> str:
    """The two records, in the order that the linter wants."""
    return "\n".join(
        sorted(
            (f"from schemas.{package(r.into)} import {r.emits}", f"from schemas.{package(r.reads)} import {r.event}")
        )
    )


def _view(r: Request) -> str:
    table = r.into.upper()
    return f'''"""Show what {r.name} shows.

In:      {r.reads}  ({r.event}, by {r.key})
Into:    {r.into}  (a row a {r.key})
Replay:  safe: a row is identical when written again
"""

from __future__ import annotations

from schemas.{package(r.reads)} import {r.event}
from streams.processor import view
from streams.tables import Table, Write

{table} = Table(
    "{r.into}",
    key={{"{r.key}": "text"}},
    columns={{"event_id": "text", "occurred_at": "bigint"}},
)


@view(reads={r.event}, into={table})
def {r.name}(event: {r.event}) -> Write:
    """The last event of each {r.key}."""
    return {table}.put({r.key}=event.{r.key}, event_id=event.event_id, occurred_at=event.occurred_at)
'''


def _work(r: Request) -> str:
    return f'''"""Do what {r.name} does.

In:      {r.reads}  ({r.event}; share group)
Out:     {r.into}  ({r.emits}, by task)
Repeat:  safe: its event's id follows from the task, and is accepted once
"""

from __future__ import annotations

from collections.abc import AsyncIterator

{_imports(r)}
from streams.event import Event, minutes, natural_id
from streams.processor import work


@work(reads={r.event}, emits={r.emits}, time_limit=minutes(5))
async def {r.name}(task: {r.event}) -> AsyncIterator[Event]:
    """Touch the world here, then say what came of it."""
    yield {r.emits}(event_id=natural_id("{r.emits}", task.task_id), occurred_at=task.occurred_at, task_id=task.task_id)
'''


def test(r: Request) -> str:
    return {"fold": _fold_test, "view": _view_test, "work": _work_test}[r.kind](r)


def _given(r: Request) -> str:
    return f"""GIVEN = msgspec.convert(Catalogue.load(ROOT).examples["{r.event}"], {r.event})"""


def _fold_test(r: Request) -> str:
    return f'''"""What {r.name} decides."""

from __future__ import annotations

import msgspec

from deploy import ROOT
from {r.module} import {r.name}
from schemas.{package(r.reads)} import {r.event}
from streams.catalogue import Catalogue
from streams.harness import run

{_given(r)}


def test_a_key_is_told_of_once() -> None:
    came = run({r.name}, [GIVEN, GIVEN])
    assert [type(event).__name__ for event in came.emitted] == ["{r.emits}"]
    assert came.emitted[0].partition_key == GIVEN.partition_key


def test_batches_and_restarts_change_nothing() -> None:
    given = [GIVEN] * 4
    assert run({r.name}, given, cuts=[1, 3], restarts=[3]) == run({r.name}, given)
'''


def _view_test(r: Request) -> str:
    return f'''"""What {r.name} shows."""

from __future__ import annotations

import msgspec

from deploy import ROOT
from {r.module} import {r.name}
from schemas.{package(r.reads)} import {r.event}
from streams.catalogue import Catalogue
from streams.harness import run

{_given(r)}


def test_the_last_event_of_a_key_is_its_row() -> None:
    (row,) = run({r.name}, [GIVEN, GIVEN]).rows["{r.into}"]
    assert row["{r.key}"] == GIVEN.{r.key}
    assert row["event_id"] == GIVEN.event_id
'''


def _work_test(r: Request) -> str:
    return f'''"""What {r.name} reports."""

from __future__ import annotations

import msgspec

from deploy import ROOT
from {r.module} import {r.name}
from schemas.{package(r.reads)} import {r.event}
from streams.catalogue import Catalogue

{_given(r)}


async def test_a_task_done_twice_is_reported_under_one_id() -> None:
    first = [event async for event in {r.name}.function(GIVEN)]
    again = [event async for event in {r.name}.function(GIVEN)]
    assert first == again
'''


def package(topic_name: str) -> str:
    return topic_name.replace("-", "_")
