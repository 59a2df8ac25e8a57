"""Prove that a live view equals the log: what its code makes of the log, against what the stores hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from streams.codec import Codec
from streams.expectation import Cell, Expected, Key, Replay
from streams.graph import targets
from streams.platform import Platform
from streams.positions import ViewPositions
from streams.processor import Processor, ProcessorError
from streams.record import Record
from streams.serving import versions_now
from streams.stamps import stamp
from streams.stored import StoredRow, stored_rows
from streams.tables import Index, Table
from streams.tail import Tail
from streams.versions import Versions

CHUNK = 1000
SHOWN = 20  # differences that are kept in words
LAST_INDEX = (1 << 12) - 1
Positions = Mapping[str, Mapping[int, int]]  # topic to partition to the last offset applied


@dataclass
class Verdict:
    """What came of it, for which versions. `newer` cells were written after the positions that were checked."""

    versions: Versions
    positions: Positions
    records: int = 0
    rows: int = 0
    equal: int = 0
    newer: int = 0
    wrong: int = 0
    differences: list[str] = field(default_factory=list[str])

    def differs(self, text: str) -> None:
        self.wrong += 1
        if len(self.differences) < SHOWN:
            self.differences.append(text)


async def verify(platform: Platform, processor: Processor) -> Verdict:
    """Compare every cell that the processor has written up to its published positions.

    Raises ProcessorError for one that shows nothing, and SinkDown or KafkaError where a server is away.
    """
    shown = targets(processor)
    if processor.kind == "work" or not shown:
        raise ProcessorError(f"{processor.name} shows nothing in tables or indexes: there is nothing to verify")
    codec = await platform.codec()
    versions = await versions_now(platform.settings)
    verdict = Verdict(versions, await _positions(platform, processor, versions))
    replay = Replay(processor, platform.catalogue, codec)
    async for topic, records in _log(platform, codec, {}, verdict.positions):
        verdict.records += len(records)
        replay.take(topic, records)
    missing: dict[str, set[Key]] = {}
    for target in shown:
        alone = sum(target in targets(other) for other in platform.processors) == 1
        missing[target.name] = await _compare(platform, target, replay.expected[target.name], verdict, alone)
    if any(missing.values()):  # or cleared since: the log goes on
        now = await _positions(platform, processor, versions)
        async for topic, records in _log(platform, codec, verdict.positions, now):
            replay.take(topic, records)
    for name, keys in missing.items():
        for key in sorted(keys & set(replay.expected[name].rows), key=repr):
            verdict.differs(f"{name} {named_key(key)}: the row is missing")
    return verdict


async def _positions(platform: Platform, processor: Processor, versions: Versions) -> Positions:
    async with ViewPositions(platform.settings) as published:
        topics = dict.fromkeys(event.topic for event in processor.reads)
        return {topic: await published.applied(versions.processor(processor.name), topic) for topic in topics}


async def _log(
    platform: Platform, codec: Codec, after: Positions, until: Positions
) -> AsyncIterator[tuple[str, list[Record]]]:
    """Records behind `after`, up to and with `until`, in chunks of one partition."""
    waiting: dict[tuple[str, int], list[Record]] = defaultdict(list)
    async for recorded in Tail(platform.settings, codec).until_now(list(until), controls=True):
        place = recorded.position
        last = after.get(place.topic, {}).get(place.partition, -1)
        if not last < place.offset <= until[place.topic].get(place.partition, -1):
            continue
        chunk = waiting[place.topic, place.partition]
        chunk.append(recorded.record)
        if len(chunk) == CHUNK:
            yield place.topic, waiting.pop((place.topic, place.partition))
    for (topic, _), chunk in waiting.items():
        if chunk:
            yield topic, chunk


async def _compare(
    platform: Platform, target: Table | Index, expected: Expected, verdict: Verdict, alone: bool
) -> set[Key]:
    """The rows that are not there. `alone`: nobody else writes there: a row the log does not explain is wrong."""
    unseen = set(expected.rows)
    first = min((offset for by in verdict.positions.values() for offset in by.values()), default=-1)
    async for row in stored_rows(platform.settings, target, verdict.versions):
        verdict.rows += 1
        unseen.discard(row.key)
        if row.key in expected.rows:
            _cells(target.name, row, expected.rows[row.key], verdict)
        elif alone and row.stamps and max(row.stamps.values()) <= stamp(0, max(first, 0), LAST_INDEX):
            verdict.differs(f"{target.name} {named_key(row.key)}: the log explains no such row")
    return unseen


def _cells(name: str, row: StoredRow, expected: Mapping[str, Cell], verdict: Verdict) -> None:
    for column, cell in expected.items():
        stored = row.cells.get(column)
        if row.stamps.get(column, -1) > stamp(0, verdict.positions[cell.topic][cell.partition], LAST_INDEX):
            verdict.newer += 1
        elif plain(stored) == plain(cell.value):
            verdict.equal += 1
        else:
            verdict.differs(f"{name} {named_key(row.key)}: {column} is {stored!r}, by the log {cell.value!r}")


def named_key(key: Key) -> str:
    """A row's key as people read it."""
    return "/".join(map(str, key))


def plain(value: Any) -> Any:
    """As stores give it back: sequences as lists; an empty collection and an absent one are the same."""
    told = list(cast("Sequence[Any]", value)) if isinstance(value, (list, tuple)) else value
    return None if told in ([], {}) else told
