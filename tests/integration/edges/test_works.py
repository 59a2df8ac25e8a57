"""Works: every task ends in confirmed events, whatever happens to the task, the store or the worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from streams.admin import Topics
from streams.event import Event
from streams.log import Log
from streams.platform import Platform
from streams.processor import ProcessorError
from streams.settings import Settings
from streams.tail import Recorded, Tail
from streams.tasks import run_works
from streams.topic_plan import Plan
from tests.integration.edges.errand_works import SIZES, WORKS, Diary, run_errand
from tests.integration.edges.errands import (
    CATALOGUE,
    ErrandAsked,
    ErrandDone,
    ErrandFailed,
    ParcelAsked,
    errands_platform,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
DIARY = Diary()


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    return replace(settings, namespace=settings.namespace + "works")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(settings: Settings) -> AsyncIterator[Platform]:
    """The platform with a worker of two works running."""
    platform, _ = await errands_platform(settings, *WORKS)
    stop = asyncio.Event()
    worker = asyncio.create_task(run_works(platform, WORKS, {Diary: DIARY}, stop))
    yield platform
    stop.set()
    await worker


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def log(platform: Platform) -> AsyncIterator[Log]:
    async with Log(platform.settings, CATALOGUE, await platform.codec()) as log:
        yield log


async def reported(platform: Platform, subject: str, count: int) -> list[Recorded]:
    """The first `count` reports on a subject, waited for."""
    tail = Tail(platform.settings, await platform.codec())
    async with asyncio.timeout(60), tail.follow(["reports"], "start") as records:
        found: list[Recorded] = []
        while len(found) < count:
            record = await anext(records)
            found += [record] if record.key == subject else []
        return found


async def buried(platform: Platform, work: str, task_id: str) -> Recorded:
    tail = Tail(platform.settings, await platform.codec())
    async with asyncio.timeout(60), tail.follow([f"{work}-dlq"], "start") as records:
        while (record := await anext(records)).key != task_id:
            pass
        return record


async def limit_reports(platform: Platform, size: int) -> None:
    """Make the broker refuse reports of more bytes than this; return when it does, and takes smaller ones."""
    limit, settings = {"max.message.bytes": str(size)}, platform.settings
    await Topics(settings).apply(Plan(alter=[("reports", limit)]))
    async with asyncio.timeout(30), AIOKafkaProducer(
        bootstrap_servers=settings.kafka, max_request_size=9_000_000
    ) as raw:  # fmt: skip
        while not await taken(raw, settings.named("reports"), bytes(size - 1_000)):
            pass
        while await taken(raw, settings.named("reports"), bytes(size + 1_000)):
            pass


async def taken(producer: AIOKafkaProducer, topic: str, value: bytes) -> bool:
    await asyncio.sleep(0.1)
    try:
        await producer.send_and_wait(topic, value, key=b"probe")
    except MessageSizeTooLargeError:
        return False
    return True


def events(records: list[Recorded]) -> list[Event | None]:
    return [record.event for record in records]


async def test_a_task_becomes_confirmed_events_that_name_their_cause(platform: Platform, log: Log) -> None:
    position = await log.post(ErrandAsked(event_id="ask-1", task_id="t1", subject="s1"), correlation_id="story")
    done = await reported(platform, "s1", 2)
    assert [e.step for e in events(done) if isinstance(e, ErrandDone)] == [0, 1]
    assert done[0].headers["cause"] == f"run_errand/errands/0/0/{position.offset}/0"
    assert done[1].headers["cause"] == f"run_errand/errands/0/0/{position.offset}/1"
    assert (done[0].headers["causation-id"], done[0].headers["correlation-id"]) == ("ask-1", "story")
    assert done[0].event is not None
    assert done[0].event.occurred_at > 0


async def test_works_of_one_topic_take_each_their_own_kind(platform: Platform, log: Log) -> None:
    await log.post_all([ParcelAsked(task_id="p1", subject="p"), ErrandAsked(task_id="t2", subject="p")])
    done = [e for e in events(await reported(platform, "p", 3)) if isinstance(e, ErrandDone)]
    assert sorted((e.task_id, e.worker) for e in done) == [("p1", "here carrier"), ("t2", "here"), ("t2", "here")]


async def test_an_exception_becomes_the_failed_event_and_the_task_is_done(platform: Platform, log: Log) -> None:
    await log.post(ErrandAsked(task_id="t3", subject="s3", how="refuse"))
    [failed] = events(await reported(platform, "s3", 1))
    assert isinstance(failed, ErrandFailed)
    assert "no such street" in failed.error
    assert DIARY.tried.count("t3") == 1


async def test_a_task_beyond_its_time_limit_fails(platform: Platform, log: Log) -> None:
    await log.post(ErrandAsked(task_id="t4", subject="s4", how="dawdle"))
    [failed] = events(await reported(platform, "s4", 1))
    assert isinstance(failed, ErrandFailed)
    assert "run_errand ran longer than 4 s" in failed.error


async def test_an_outage_of_the_store_is_waited_out_with_the_task_in_hand(platform: Platform, log: Log) -> None:
    DIARY.outages = 2
    await log.post(ErrandAsked(task_id="t5", subject="s5", how="outage"))
    done = events(await reported(platform, "s5", 2))
    assert all(isinstance(e, ErrandDone) for e in done)
    assert DIARY.tried.count("t5") == 3


async def test_large_events_are_taken_and_all_come_in_the_order_they_were_told(platform: Platform, log: Log) -> None:
    await limit_reports(platform, 8_000_000)
    await log.post(ErrandAsked(task_id="t10", subject="s10", how="at length"))
    done = [e for e in events(await reported(platform, "s10", len(SIZES))) if isinstance(e, ErrandDone)]
    assert [(e.step, len(e.worker)) for e in done] == list(enumerate(SIZES))


async def test_an_event_that_the_broker_refuses_fails_the_task(platform: Platform, log: Log) -> None:
    await limit_reports(platform, 500_000)
    await log.post(ErrandAsked(task_id="t11", subject="s11", how="at length"))
    *told, failed = events(await reported(platform, "s11", 5))
    assert [e.step for e in told if isinstance(e, ErrandDone)] == [0, 1, 2, 3]
    assert isinstance(failed, ErrandFailed)
    assert "MessageSizeTooLargeError" in failed.error
    assert DIARY.tried.count("t11") == 1


async def test_an_event_without_an_id_is_a_fault_of_the_work(platform: Platform, log: Log) -> None:
    await log.post(ErrandAsked(task_id="t6", subject="s6", how="anonymous"))
    [failed] = events(await reported(platform, "s6", 1))
    assert isinstance(failed, ErrandFailed)
    assert "without an event_id" in failed.error


async def test_without_a_failed_event_a_task_is_tried_again_then_dead_lettered(platform: Platform, log: Log) -> None:
    await log.post(ParcelAsked(task_id="p2", subject="lead"))
    dead = await buried(platform, "carry_parcel", "p2")
    assert dead.headers["error"] == "ValueError: too heavy"
    assert dead.headers["fate"] == "dead"
    assert DIARY.tried.count("p2") == 4
    assert (await platform.codec()).decode(dead.record.value).partition_key == "p2"


async def test_an_undecodable_task_is_dead_lettered_and_the_next_is_done(platform: Platform, log: Log) -> None:
    async with AIOKafkaProducer(bootstrap_servers=platform.settings.kafka) as raw:
        await raw.send_and_wait(platform.settings.named("errands"), b"\x00\x00\x00\xff\xffrubbish", key=b"odd")
        await raw.send_and_wait(platform.settings.named("errands"), b"rubbish", key=b"odder")
    await log.post(ErrandAsked(task_id="t7", subject="s7"))
    assert (await buried(platform, "run_errand", "odd")).record.value == b"\x00\x00\x00\xff\xffrubbish"
    assert (await buried(platform, "run_errand", "odder")).record.value == b"rubbish"
    assert len(await reported(platform, "s7", 2)) == 2


async def test_a_task_of_an_aborted_transaction_is_never_run(platform: Platform, log: Log) -> None:
    codec, settings = await platform.codec(), platform.settings
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka, transactional_id=settings.named("asks")) as producer:
        for task_id, commit in (("t8-aborted", False), ("t8", True)):
            await producer.begin_transaction()
            await producer.send(
                settings.named("errands"), codec.encode(ErrandAsked(task_id=task_id, subject="s8")), key=b"k"
            )
            await (producer.commit_transaction() if commit else producer.abort_transaction())
    done = [e for e in events(await reported(platform, "s8", 2)) if isinstance(e, ErrandDone)]
    assert {e.task_id for e in done} == {"t8"}
    assert "t8-aborted" not in DIARY.tried


async def test_a_work_that_leaves_a_topic_s_tasks_to_nobody_is_refused(platform: Platform) -> None:
    with pytest.raises(ProcessorError, match="holds ParcelAsked, which none of these works takes"):
        await run_works(platform, [run_errand], {Diary: DIARY}, asyncio.Event())


async def test_a_work_whose_needs_are_not_provided_is_refused(platform: Platform) -> None:
    with pytest.raises(ProcessorError, match="needs Diary"):
        await run_works(platform, WORKS, {}, asyncio.Event())
