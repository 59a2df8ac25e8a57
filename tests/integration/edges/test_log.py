"""The log from outside: what is posted is confirmed, in order, and read back by those who follow or look back."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer

from streams.codec import Codec
from streams.event import natural_id
from streams.log import Log, LogDown, Overloaded
from streams.registry import Registry
from streams.settings import Settings
from streams.tail import Recorded, Tail
from tests.integration.edges.errands import CATALOGUE, CLASSES, ErrandAsked, ErrandDone, errands_platform

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    return replace(settings, namespace=settings.namespace + "log")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def codec(settings: Settings) -> Codec:
    return (await errands_platform(settings))[1]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def log(settings: Settings, codec: Codec) -> AsyncIterator[Log]:
    async with Log(settings, CATALOGUE, codec) as log:
        yield log


@pytest.fixture
def tail(settings: Settings, codec: Codec) -> Tail:
    return Tail(settings, codec)


async def take(records: AsyncIterator[Recorded], count: int) -> list[Recorded]:
    async with asyncio.timeout(60):
        return [await anext(records) for _ in range(count)]


async def test_a_follower_sees_what_is_posted_after_it_began(log: Log, tail: Tail) -> None:
    await log.post(ErrandDone(subject="before", task_id="t"))
    async with tail.follow(["reports", "errands"]) as records:
        posted = await log.post(ErrandDone(subject="ann", task_id="t1"), causation_id="c", traceparent="00-1")
        [seen] = await take(records, 1)
    assert seen.position == posted
    assert seen.event is not None
    assert seen.event == ErrandDone(
        event_id=seen.headers["event-id"], occurred_at=seen.event.occurred_at, subject="ann", task_id="t1"
    )  # fmt: skip
    assert (seen.key, seen.headers["cause"], seen.headers["causation-id"]) == ("ann", "gateway", "c")
    assert (seen.headers["correlation-id"], seen.headers["traceparent"]) == ("ann", "00-1")
    assert abs(seen.clock - seen.event.occurred_at) < 60_000


async def test_many_callers_share_batches_and_each_is_told_its_place(log: Log, tail: Tail) -> None:
    calls = [log.post_all([ErrandDone(subject=f"m{n}", task_id="t", step=s) for s in range(3)]) for n in range(200)]
    places = await asyncio.gather(*calls)
    for n, three in enumerate(places):
        kept = [r async for r in tail.history(["reports"], f"m{n}")] if n % 50 == 0 else None
        assert three[0].offset < three[1].offset < three[2].offset
        if kept is not None:
            assert [r.position for r in kept] == three
            assert [r.event.step for r in kept if isinstance(r.event, ErrandDone)] == [0, 1, 2]


async def test_the_history_of_a_key_begins_at_the_time_asked_for(log: Log, tail: Tail) -> None:
    for step in range(4):
        await log.post(ErrandDone(subject="late", task_id="t", step=step))
        await asyncio.sleep(0.01)
    whole = [r async for r in tail.history(["reports", "errands"], "late")]
    rest = [r async for r in tail.history(["reports"], "late", since=whole[2].clock)]
    assert len(whole) == 4
    assert rest == whole[2:]
    assert [r async for r in tail.history(["reports"], "late", since=whole[-1].clock + 3_600_000)] == []


async def test_given_identities_are_kept(log: Log, tail: Tail) -> None:
    event = ErrandDone(event_id=natural_id("one"), occurred_at=17, subject="kept", task_id="t")
    await log.post(event)
    assert [r.event async for r in tail.history(["reports"], "kept")] == [event]


async def test_ticks_are_left_out_and_what_can_t_be_read_says_why(settings: Settings, log: Log, tail: Tail) -> None:
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka) as raw:
        place = await raw.send_and_wait(settings.named("reports"), b"not avro", key=b"odd")
        tick = raw.create_batch()
        tick.append(key=None, value=None, timestamp=None, headers=[("tick", b"")])
        await (await raw.send_batch(tick, settings.named("reports"), partition=place.partition))
    await log.post(ErrandDone(subject="odd", task_id="t"))
    seen = [r async for r in tail.history(["reports"], "odd")]
    assert [r.event is None for r in seen] == [True, False]
    assert "not in the Confluent wire format" in seen[0].problem
    assert all(r.record.value for r in [x async for x in tail.until_now(["reports"])])


async def test_what_a_transaction_gave_up_is_not_read(settings: Settings, codec: Codec, tail: Tail) -> None:
    def value(step: int) -> bytes:
        return codec.encode(ErrandDone(event_id="e", subject="tx", task_id="t", step=step))

    async with AIOKafkaProducer(bootstrap_servers=settings.kafka, transactional_id=settings.named("tx")) as producer:
        async with producer.transaction():
            await producer.send(settings.named("reports"), value(1), key=b"tx")
        await producer.begin_transaction()
        await producer.send(settings.named("reports"), value(2), key=b"tx")
        await producer.abort_transaction()
    seen = [r.event async for r in tail.history(["reports"], "tx")]
    assert [e.step for e in seen if isinstance(e, ErrandDone)] == [1]


async def test_a_newer_writer_s_schema_is_learnt_from_the_registry(settings: Settings, tail: Tail) -> None:
    newer = copy.deepcopy(CATALOGUE)
    newer.schemas["ErrandDone"]["fields"].append({"name": "mood", "type": "string", "default": "fine"})
    async with Registry(settings) as registry:
        codec = Codec(newer, CLASSES, await registry.register(newer))
    async with Log(settings, newer, codec) as log:
        # today's record has no such field; the writer fills in its default
        await log.post(ErrandDone(subject="newer", task_id="t"))
    [seen] = [r async for r in tail.history(["reports"], "newer")]
    assert isinstance(seen.event, ErrandDone), seen.problem


async def test_more_than_may_wait_is_refused_before_it_is_written(settings: Settings, codec: Codec, tail: Tail) -> None:
    async with Log(settings, CATALOGUE, codec, in_flight=3) as log:
        with pytest.raises(Overloaded):
            await log.post_all([ErrandDone(subject="crowd", task_id="t") for _ in range(4)])
        await log.post_all([ErrandDone(subject="crowd", task_id="t") for _ in range(3)])
        await log.post_all([ErrandDone(subject="crowd", task_id="t") for _ in range(3)])
    assert len([r async for r in tail.history(["reports"], "crowd")]) == 6


async def test_an_event_that_does_not_fit_is_named_and_nothing_of_its_batch_is_written(log: Log, tail: Tail) -> None:
    with pytest.raises(ValueError, match="ErrandDone does not fit its schema"):
        await log.post_all(
            [
                ErrandDone(subject="misfit", task_id="t"),
                ErrandDone(subject="misfit", task_id="t", step=cast("int", "many")),
            ]
        )
    assert [r async for r in tail.history(["reports"], "misfit")] == []


async def test_no_broker_is_said_plainly(settings: Settings, codec: Codec) -> None:
    with pytest.raises(LogDown, match="does not answer"):
        await Log(replace(settings, kafka="127.0.0.1:9"), CATALOGUE, codec).open()


async def test_an_absent_topic_says_what_to_do(tail: Tail) -> None:
    with pytest.raises(LookupError, match="playlog topics apply"):
        _ = [r async for r in tail.until_now(["nowhere"])]


async def test_tasks_are_written_one_a_batch(log: Log, tail: Tail) -> None:
    await log.post_all([ErrandAsked(task_id=str(n), subject="s") for n in range(20)])
    seen = [r.event.task_id async for r in tail.until_now(["errands"]) if isinstance(r.event, ErrandAsked)]
    assert sorted(seen, key=int) == [str(n) for n in range(20)]
