"""The log that a harness is given: events, pauses and raw records in a list; or a recorded slice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from streams.codec import Codec, Undecodable
from streams.event import Event, natural_id
from streams.record import TICK, Outgoing, Record
from streams.recording import Recording, Taken

EVERY = ""  # the topic of what every reader gets: ticks, replays, bytes that are no event
Given = Iterable[Event | int | Outgoing] | Recording


def partitions(log: Given, topics: Sequence[str], codec: Codec, clock: int) -> list[list[Taken]]:
    """What lies in these topics, by partition. What is given as a list lies in one, in the list's order."""
    if not isinstance(log, Recording):
        return [list(_listed(log, codec, clock))]
    log.teach(codec)
    found: dict[int, list[Taken]] = {}
    for taken in log.in_order():
        if taken.topic in topics:
            found.setdefault(taken.record.partition, []).append(taken)
    return [found[number] for number in sorted(found)]


def batches(records: Sequence[Taken], cuts: set[int]) -> Iterator[tuple[int, Sequence[Taken]]]:
    """The records, a new batch at each of these places; with the place where each begins."""
    places = sorted({0, len(records), *(cut for cut in cuts if 0 < cut < len(records))})
    for start, end in pairwise(places):
        yield start, records[start:end]


def _listed(log: Iterable[Event | int | Outgoing], codec: Codec, clock: int) -> Iterator[Taken]:
    for offset, given in enumerate(log):
        if isinstance(given, int):
            clock += given
            yield Taken(EVERY, Record(0, offset, clock, b"", None, ((TICK, b""),)))
        elif isinstance(given, Outgoing):
            record = Record(0, offset, clock, given.key, given.value, given.headers)
            yield Taken(given.topic if _is_event(codec, record) else EVERY, record)
        else:
            yield Taken(given.topic, event_record(given, codec, clock, 0, offset, natural_id("given", offset)))


def event_record(event: Event, codec: Codec, clock: int, partition: int, offset: int, event_id: str) -> Record:
    """An event as it lies in its topic; its id and time are filled in where it has none."""
    named = msgspec.structs.replace(event, event_id=event.event_id or event_id, occurred_at=event.occurred_at or clock)
    return Record(partition, offset, clock, named.partition_key.encode(), codec.encode(named))


def _is_event(codec: Codec, record: Record) -> bool:
    try:
        return record.value is not None and bool(codec.name(record.value))
    except Undecodable:
        return False
