"""How plain Faust 0.15.3 commits what was not done: shown on plain Faust, and that the engine does not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from faust.transport.producer import ProducerBuffer
from faust.types import TP

from streams import transactions
from streams.event import natural_id
from streams.faust_app import processor_app
from streams.log import Log
from streams.platform import Platform
from streams.record import Outgoing
from streams.settings import Settings
from streams.sinks import Placed
from streams.transactions import Transactions
from tests.integration.streams.hosted import MemoryStores, hosted
from tests.integration.streams.plain_faust import committed, made, plain_app, post, raw, started, written
from tests.integration.streams.posting import counted, deposits, limit
from tests.sample import Counted, count_deposits, show_totals
from tests.sample_workers import eventually


async def test_faust_commits_what_it_failed_to_produce(settings: Settings) -> None:
    source = await post(settings, "deposits", 3)
    out = await made(settings, "totals", **{"max.message.bytes": "1000"})
    app, done = plain_app(settings, "plain"), []
    answers = raw(app, out)

    @app.agent(raw(app, source))
    async def answer(stream: Any) -> None:
        async for value in stream:
            await answers.send(value=bytes(5000))
            done.append(value)

    async with started(app):
        await eventually(lambda: len(done) == 3)
        await asyncio.sleep(0)  # the last one is acknowledged
        await app.consumer.commit()
    assert await committed(settings, "plain", source) == 3
    assert await written(settings, out) == 0


async def test_we_hold_the_partition_and_go_on_when_it_can_be_produced(platform: Platform, log: Log) -> None:
    await limit(platform.settings, "totals", 200)
    posted = (await log.post_all(deposits(3)))[0]
    async with hosted(platform, count_deposits, MemoryStores()) as host:
        await eventually(lambda: any("MessageSizeTooLarge" in h.reason for h in host.health.values()))
        await host.app.group.commit()
        group, source = "count_deposits", platform.settings.named("deposits")
        assert await committed(platform.settings, group, source, posted.partition) is None
        await limit(platform.settings, "totals", 1_000_000)

        async def all_counted() -> bool:
            return await counted(platform) == [1, 2, 3]

        await eventually(all_counted)


class Slow:
    """In place of aiokafka's producer and of a topic: what is sent is confirmed once it is `taken`."""

    def __init__(self, **_: Any) -> None:
        self.taken = asyncio.Event()
        self.done: list[str] = []

    async def publish_message(self, future: Any, wait: bool) -> None:
        await self.taken.wait()

    async def start(self) -> None: ...

    async def begin_transaction(self) -> None:
        self.done.append("begun")

    async def send(self, *_: Any, **__: Any) -> asyncio.Task[Any]:
        return asyncio.create_task(self._confirmation())

    async def send_batch(self, *_: Any, **__: Any) -> asyncio.Task[Any]:
        return asyncio.create_task(self._confirmation())

    async def commit_transaction(self) -> None:
        self.done.append("committed")

    def create_batch(self) -> Any:
        return SimpleNamespace(append=lambda **_: object(), close=lambda: None)

    async def _confirmation(self) -> Any:
        await self.taken.wait()
        return SimpleNamespace(offset=7)


async def test_faust_flushes_for_a_tenth_of_a_second() -> None:
    buffer, slow = ProducerBuffer(), Slow()
    buffer.app = cast("Any", SimpleNamespace(conf=SimpleNamespace(producer_threaded=False)))
    await buffer.start()
    for _ in range(3):
        buffer.put(cast("Any", SimpleNamespace(message=SimpleNamespace(channel=slow))))
    await asyncio.sleep(0)  # the first is on its way
    await buffer.flush()
    assert buffer.size == 2
    slow.taken.set()
    await eventually(lambda: buffer.size == 0)
    await buffer.stop()


async def test_we_wait_for_every_confirmation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()
    monkeypatch.setattr(transactions, "AIOKafkaProducer", lambda **_: slow)
    transaction = Transactions(settings, "count_deposits", 0)
    await transaction.start()
    committing = asyncio.create_task(transaction.commit([Outgoing("totals", b"k", b"v", ())], {b"a": b"1"}))
    await asyncio.wait([committing], timeout=0.5)
    assert slow.done == ["begun"]
    slow.taken.set()
    await committing
    assert slow.done == ["begun", "committed"]


async def test_faust_commits_past_what_is_in_flight(settings: Settings) -> None:
    source, app, done = await post(settings, "deposits", 6), plain_app(settings, "plain"), []

    @app.agent(raw(app, source), concurrency=2)
    async def take(stream: Any) -> None:
        async for value in stream:
            if value == b"0":
                await asyncio.Event().wait()
            done.append(value)

    async with started(app):
        await eventually(lambda: len(done) == 5)
        await asyncio.sleep(0)  # the last one is acknowledged
        await app.consumer.commit()
    assert await committed(settings, "plain", source) == 6


class Pausing(MemoryStores):
    """Has begun to write, and is not done."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.free = asyncio.Event(), asyncio.Event()

    async def write(self, writes: Sequence[Placed]) -> None:
        self.begun.set()
        await self.free.wait()
        await super().write(writes)


async def test_we_commit_what_is_applied(platform: Platform, log: Log) -> None:
    events = [Counted(event_id=natural_id(n), account="ann", total=n, number=n) for n in range(6)]
    posted, stores = (await log.post_all(events))[0], Pausing()
    source = platform.settings.named("totals")
    async with hosted(platform, show_totals, stores) as host:
        async with asyncio.timeout(60):
            await stores.begun.wait()
        await host.app.group.commit()
        assert await committed(platform.settings, "show_totals", source, posted.partition) is None
        stores.free.set()
        await eventually(lambda: host.health[TP(source, posted.partition)].position == 6)
        await host.app.group.commit()
        assert await committed(platform.settings, "show_totals", source, posted.partition) == 6


async def books(consumer: Any, monkeypatch: pytest.MonkeyPatch) -> dict[TP, int]:
    """What a consumer holds for committed after the broker has refused to commit."""
    tp = TP("deposits", 0)

    async def refused(*_: Any) -> bool:
        return False

    monkeypatch.setattr(consumer, "_commit", refused)
    monkeypatch.setattr(consumer, "assignment", lambda: {tp})
    monkeypatch.setattr(consumer.app.producer, "flush", refused)
    await consumer._commit_offsets({tp: 7})
    return {tp: offset for tp, offset in consumer._committed_offset.items() if offset is not None}


async def test_faust_holds_for_committed_what_was_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await books(plain_app(settings, "plain").consumer, monkeypatch) == {TP("deposits", 0): 7}


async def test_we_try_again_what_was_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    hosted_by: Any = SimpleNamespace(topics=["deposits"])
    assert await books(processor_app(settings, "count", hosted_by).group, monkeypatch) == {}
