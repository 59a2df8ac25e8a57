"""What must be in the ledger's topics and tables, and whether it is."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from typing import Any

import acsylla

from streams.cassandra import connect
from streams.platform import Platform
from tests.chaos.reading import Record, read_topic
from tests.chaos.teller import deposit
from tests.chaos.verdict import Accounts, Verdict, by_account, compared


async def settled(platform: Platform, count: int, patience: float = 150) -> dict[str, Verdict]:
    """The verdicts by what was looked at, once none complains any more or patience has an end."""
    end = time.monotonic() + patience
    while True:
        found = await audit(platform, count)
        if not any(found.values()) or time.monotonic() > end:
            return found
        await asyncio.sleep(0.5)


async def audit(platform: Platform, count: int) -> dict[str, Verdict]:
    """Hold topics and tables against the first `count` deposits, and against each other."""
    deposits = await asyncio.to_thread(read_topic, platform, "deposits", "Deposited")
    forwards = await asyncio.to_thread(read_topic, platform, "forwards", "Forwarded")
    totals = await asyncio.to_thread(read_topic, platform, "totals", "Counted")
    tables = {name: await _rows(platform, name) for name in ("forwards", "lines", "sums")}
    truth, last = running(count), {one.event["account"]: one.event for one in forwards}
    return {
        "the log": compared(sequences(count), _once(deposits)),
        "what was forwarded": compared(
            by_account((one.event["account"], (*one.place, one.event["sequence"])) for one in deposits),
            by_account((one.event["account"], (*(one.cause or ()), one.event["sequence"])) for one in forwards),
        ),
        "the state behind it": _chain(forwards),
        "what was counted": compared(truth, _fields(totals, "number", "total")),
        "rows of a view": compared(
            _fields(forwards, "number", "sequence", "release"),
            _cells(tables["forwards"], "number", "sequence", "release"),
        ),
        "rows of a fold": compared(
            {name: [(event["number"], event["release"])] for name, event in last.items()},
            _cells(tables["lines"], "number", "release"),
        ),
        "rows of a tally": compared(
            {name: steps[-1:] for name, steps in truth.items()}, _cells(tables["sums"], "number", "total")
        ),
    }


def sequences(count: int) -> Accounts:
    """The deposits of each account, in order."""
    return by_account((one.account, one.sequence) for one in map(deposit, range(count)))


def running(count: int) -> Accounts:
    """How many deposits each account has, and what they come to, after each of them."""
    steps: dict[str, list[tuple[int, int]]] = {}
    for one in map(deposit, range(count)):
        so_far = steps.setdefault(one.account, [])
        number, total = so_far[-1] if so_far else (0, 0)
        so_far.append((number + 1, total + one.amount))
    return steps


def _once(deposits: list[Record]) -> Accounts:
    """Each deposit where it is in the log for the first time: senders without an answer send again."""
    every = by_account((one.event["account"], one.event["sequence"]) for one in deposits)
    return {name: list(dict.fromkeys(found)) for name, found in every.items()}


def _chain(forwards: list[Record]) -> Verdict:
    """Each step is one further than the last, and remembers who made that: state and events are of one piece."""
    found = by_account((one.event["account"], (one.event["number"], one.event["after"])) for one in forwards)
    releases = by_account((one.event["account"], one.event["release"]) for one in forwards)
    wanted = {
        name: list(enumerate([0, *(before for before, _ in pairwise(made))], start=1))
        for name, made in releases.items()
    }
    return compared(wanted, found)


def _fields(records: list[Record], *names: str) -> Accounts:
    return by_account((one.event["account"], tuple(one.event[name] for name in names)) for one in records)


def _cells(rows: list[dict[str, Any]], *names: str) -> Accounts:
    return by_account((row["account"], tuple(row[name] for name in names)) for row in rows)


async def _rows(platform: Platform, table: str) -> list[dict[str, Any]]:
    session = await connect(platform.settings)
    try:
        query: Any = acsylla.create_statement(f"SELECT * FROM {platform.settings.keyspace}.{table}", page_size=5000)
        rows: list[dict[str, Any]] = []
        while True:
            page = await session.execute(query)
            rows += [row.as_dict() for row in page.all()]
            if not page.has_more_pages():
                return rows
            query.set_page_state(page.page_state())
    finally:
        await session.close()
