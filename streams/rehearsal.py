"""What a version that does not serve yet would send: kept in a topic of its own, nothing of it goes out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from streams.codec import Codec
from streams.event import Event
from streams.record import Outgoing, Record
from streams.settings import Settings
from streams.tail import Tail
from streams.versions import Versions

FOR = "for"  # a header: the topic that it would be sent to


class Unsent(NamedTuple):
    """A record as it would stand in `topic`; `event` is None where it holds none."""

    topic: str
    record: Record
    event: Event | None


def unsent(processor: str) -> str:
    """The topic that keeps what a version of a processor does not send."""
    return f"{processor}-unsent"


def rehearsed(versions: Versions, processor: str, records: Sequence[Outgoing]) -> Sequence[Outgoing]:
    """`records` to be sent: themselves, or to the topic of what is not sent while the version is being built."""
    if not versions.building:
        return records
    topic = unsent(versions.processor(processor))
    return [Outgoing(topic, r.key, r.value, ((FOR, r.topic.encode()), *r.headers)) for r in records]


async def kept(settings: Settings, codec: Codec, versions: Versions, processor: str) -> AsyncIterator[Unsent]:
    """All that the version has not sent so far, in the order of each partition that it read."""
    topic = unsent(versions.processor(processor))
    async for recorded in Tail(settings, codec).until_now([topic], controls=True):
        (_, topic_raw), *headers = recorded.record.headers
        record = recorded.record
        yield Unsent(
            topic_raw.decode(),
            Record(record.partition, record.offset, record.timestamp, record.key, record.value, tuple(headers)),
            recorded.event,
        )
