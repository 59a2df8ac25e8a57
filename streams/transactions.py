"""One transaction a batch: emitted events, changelog and applied offset of one partition, all or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import IllegalOperation, ProducerFenced

from streams.partitions import send_alone
from streams.record import Outgoing
from streams.settings import Settings

BATCH_BYTES = 900_000
LARGEST_REQUEST = 8_000_000  # bytes; the broker's message.max.bytes is 8 MiB
TIMEOUT = 15.0  # seconds


class Transactions:
    """The transactional producer of one partition of one processor.

    Starting it fences whoever had the partition before. After any error its fate is unknown: stop it, start
    another, and ask the changelog how far the last transaction came.
    """

    def __init__(self, settings: Settings, processor: str, partition: int) -> None:
        self._settings = settings
        self._partition = partition
        self._id = f"{settings.named(processor)}/{partition}"
        self._changelog = settings.named(f"{processor}-changelog")
        self._producer: Any = None

    async def start(self) -> None:
        """Initialise the transactional id; raises KafkaError."""
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._settings.kafka,
            transactional_id=self._id,
            transaction_timeout_ms=10_000,
            request_timeout_ms=10_000,
            acks="all",
            linger_ms=0,
            max_batch_size=BATCH_BYTES,
            max_request_size=LARGEST_REQUEST,
        )
        async with asyncio.timeout(TIMEOUT):
            await self._producer.start()

    async def commit(self, outgoing: Sequence[Outgoing], changelog: Mapping[bytes, bytes | None]) -> int:
        """Write all of it in one transaction; the changelog's offset behind it.

        Raises ProducerFenced where another owner has begun, KafkaError or TimeoutError where the outcome is open.
        """
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._commit(outgoing, changelog)
        except IllegalOperation as error:  # it was fenced between two sends: aiokafka says only that there is none now
            raise ProducerFenced from error

    async def stop(self) -> None:
        """Let go of the producer, whatever state it is in; an open transaction is aborted by the next owner."""
        if self._producer is None:
            return
        producer, self._producer = self._producer, None
        try:
            async with asyncio.timeout(2):
                await producer.stop()
        except Exception:  # a producer in a broken state must not keep its partition from being opened anew
            await producer.client.close()

    async def _commit(self, outgoing: Sequence[Outgoing], changelog: Mapping[bytes, bytes | None]) -> int:
        await self._producer.begin_transaction()
        sent = [_seen(await self._send(record)) for record in outgoing]
        logged = [(_seen(await self._log(batch)), size) for batch, size in self._batches(changelog)]
        await asyncio.gather(*sent)
        end = max([(await future).offset + count for future, count in logged])
        await self._producer.commit_transaction()
        return end

    async def _send(self, record: Outgoing) -> asyncio.Future[Any]:
        topic = self._settings.named(record.topic)
        if record.alone:
            return await send_alone(self._producer, topic, record.key or b"", record.value or b"", list(record.headers))
        return await self._producer.send(topic, record.value, key=record.key, headers=list(record.headers))

    async def _log(self, batch: Any) -> asyncio.Future[Any]:
        batch.close()
        return await self._producer.send_batch(batch, self._changelog, partition=self._partition)

    def _batches(self, changelog: Mapping[bytes, bytes | None]) -> Iterator[tuple[Any, int]]:
        """The changelog's records in as few batches as they fit into, each with their number."""
        batch, count = self._producer.create_batch(), 0
        for key, value in changelog.items():
            if batch.append(key=key, value=value, timestamp=None) is None:
                yield batch, count
                batch, count = self._producer.create_batch(), 0
                batch.append(key=key, value=value, timestamp=None)
            count += 1
        yield batch, count


def _seen(future: asyncio.Future[Any]) -> asyncio.Future[Any]:
    """The future, its error never reported as overlooked: an earlier one may end the batch first."""
    future.add_done_callback(lambda done: done.cancelled() or done.exception())
    return future
