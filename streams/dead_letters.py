"""What operators do about dead letters: find those that still wait, have one tried again, give one up."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.codec import Codec
from streams.letters import Fate, Place, dead_letters, letter
from streams.operations import Operations, operations
from streams.partitions import send_alone
from streams.platform import Platform
from streams.processor import Processor, Work
from streams.record import Outgoing
from streams.resolutions import Letter, read_letter, unresolved
from streams.settings import Settings
from streams.tail import Tail
from streams.transactions import LARGEST_REQUEST


@dataclass(frozen=True)
class Waiting:
    """A dead letter and how many later records of its key are parked behind it."""

    letter: Letter
    parked: int

    @property
    def place(self) -> str:
        """`topic/partition/offset` of the record it is about (`@ms` for a timer): its name among its processor's."""
        return place_of(self.letter)


def place_of(letter: Letter) -> str:
    topic, partition, offset, wake = letter.place
    return f"{topic}/{partition}/{offset}" + ("" if wake is None else f"@{wake}")


async def waiting(platform: Platform, codec: Codec, processor: Processor) -> list[Waiting]:
    """The processor's dead letters that were neither replayed nor dropped. Raises LookupError without its topic."""
    tail = Tail(platform.settings, codec)
    records = [r.record async for r in tail.until_now([dead_letters(processor.name)])]
    letters = unresolved(read_letter(record.key, record.value, record.headers) for record in records)
    return [Waiting(dead, _behind(dead, letters)) for dead in letters if dead.fate == "dead"]


def _behind(dead: Letter, letters: Iterable[Letter]) -> int:
    """A fold parks by key; what is parked was read from the same topic."""
    return sum(other.fate == "parked" and other.record.key == dead.record.key for other in letters)


class Resolver:
    """Sends what has letters tried again or given up; their processors do the rest when they come to it.

    Each time the log is told first who asks for it (`operations.py`).
    """

    def __init__(self, settings: Settings, producer: Any, told: Operations) -> None:
        self._settings = settings
        self._producer = producer
        self._told = told

    async def replay(self, dead: Letter, processor: Processor) -> None:
        """A fold's or view's letter goes back to its partition, for that processor alone; a task is handed out anew."""
        await self._told.note(processor.name, "replay", place_of(dead))
        if isinstance(processor, Work):
            record, topic = dead.record, self._settings.named(dead.topic)
            sent = await send_alone(self._producer, topic, record.key or b"", record.value or b"", list(record.headers))
            await sent
            await self._settle(dead, "replayed")
        else:
            await self._control(dead, dead.replay())

    async def drop(self, dead: Letter, processor: Processor) -> None:
        """The letter is not tried again; what a fold has parked behind it goes on."""
        await self._told.note(processor.name, "drop", place_of(dead))
        if isinstance(processor, Work):
            await self._settle(dead, "dropped")
        else:
            await self._control(dead, dead.drop())

    async def _control(self, dead: Letter, control: Outgoing) -> None:
        await self._producer.send_and_wait(
            self._settings.named(control.topic), control.value, key=control.key,
            partition=dead.record.partition, headers=list(control.headers),
        )  # fmt: skip

    async def _settle(self, dead: Letter, fate: Fate) -> None:
        place = Place(dead.processor, dead.version, dead.topic, dead.record.partition)
        told = letter(place, dead.record, fate)
        await self._producer.send_and_wait(
            self._settings.named(told.topic), told.value, key=told.key, headers=list(told.headers)
        )


@asynccontextmanager
async def resolver(platform: Platform) -> AsyncGenerator[Resolver, None]:
    producer: Any = AIOKafkaProducer(
        bootstrap_servers=platform.settings.kafka, acks="all", enable_idempotence=True, max_request_size=LARGEST_REQUEST
    )
    await producer.start()
    try:
        async with operations(platform) as told:
            yield Resolver(platform.settings, producer, told)
    finally:
        await producer.stop()
