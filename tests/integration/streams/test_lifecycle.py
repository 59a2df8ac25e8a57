"""Timers, dead letters, views and clean ends, on the real servers."""

from __future__ import annotations

import time
from typing import Any

from confluent_kafka import TopicPartition as ConfluentPartition
from confluent_kafka.admin import AdminClient

from streams.admin import Topics
from streams.event import natural_id, seconds
from streams.letters import IN_A_ROW
from streams.log import Log
from streams.metrics import reports
from streams.platform import Platform
from streams.positions import ViewPositions
from streams.record import Outgoing
from streams.resolutions import unresolved
from tests.integration.streams.posting import letters, send
from tests.sample import Counted, Deposited, Reminded
from tests.sample_workers import Workers, eventually, read, rows


def deposit(name: str, account: str, amount: int, hold_ms: int = 0) -> Deposited:
    return Deposited(event_id=natural_id(name), occurred_at=_now(), account=account, amount=amount, hold_ms=hold_ms)


async def test_an_idle_partition_gets_a_tick(platform: Platform, log: Log, workers: Workers) -> None:
    number = workers.start()
    posted = await log.post(deposit("a", "ann", 1, hold_ms=seconds(3)))

    async def reminded() -> bool:
        return any(isinstance(event, Reminded) for event in await read(platform, "reminders"))

    await eventually(reminded)
    assert posted.offset == 0
    assert workers.end(number) == 0


async def test_timers_outlive_their_worker(platform: Platform, log: Log, workers: Workers) -> None:
    number = workers.start()
    await log.post(deposit("a", "ann", 1, hold_ms=seconds(12)))
    await eventually(lambda: read(platform, "totals"))
    workers.end(number)
    workers.start("another-machine")

    async def reminded() -> bool:
        return len(await read(platform, "reminders")) == 1

    await eventually(reminded)


async def test_a_rejected_event_waits_for_its_replay(platform: Platform, log: Log, workers: Workers) -> None:
    first = workers.start()
    await log.post_all([deposit("a", "ann", 1), deposit("b", "ann", 666), deposit("c", "bob", 5)])
    await log.post(deposit("d", "ann", 2))

    async def two_letters() -> bool:
        return [letter.fate for letter in await letters(platform, "count_deposits")] == ["dead", "parked"]

    await eventually(two_letters)
    assert workers.end(first) == 0
    workers.cure.touch()
    workers.start("another-machine")
    [dead, _] = unresolved(await letters(platform, "count_deposits"))
    assert "Poison: 666" in dead.error
    await send(platform, [(dead.replay(), dead.record.partition)])
    await eventually(lambda: _resolved(platform))

    async def shown() -> bool:
        return await rows(platform) == {"ann": (669, 3), "bob": (5, 1)}

    await eventually(shown)
    counted = [e for e in await read(platform, "totals") if isinstance(e, Counted) and e.account == "ann"]
    assert [(e.total, e.number) for e in counted] == [(1, 1), (667, 2), (669, 3)]


async def test_a_view_passes_bytes_that_are_no_event(platform: Platform, log: Log, workers: Workers) -> None:
    await send(platform, [(Outgoing("totals", b"eve", b"rubbish", ()), 0)])
    await log.post(Counted(event_id=natural_id("x"), account="ann", total=1, number=1))
    workers.start()

    async def shown() -> bool:
        return await rows(platform) == {"ann": (1, 1)}

    async def told() -> bool:  # later than the rows, and perhaps of the other partition
        found = await letters(platform, "show_totals")
        return [(one.topic, one.record.value, one.fate) for one in found] == [("totals", b"rubbish", "dead")]

    await eventually(shown)
    await eventually(told)


async def test_a_view_goes_on_where_it_has_said_it_is(platform: Platform, log: Log, workers: Workers) -> None:
    posted = await log.post(Counted(event_id=natural_id("x"), account="ann", total=1, number=1))
    positions = ViewPositions(platform.settings)
    await positions.open()
    await positions.publish("show_totals", "totals", posted.partition, posted.offset)
    after = await log.post(Counted(event_id=natural_id("y"), account="bob", total=2, number=1))
    workers.start()

    async def caught_up() -> bool:
        return (await positions.applied("show_totals", "totals")).get(after.partition) == after.offset

    await eventually(caught_up)
    assert await rows(platform) == {"bob": (2, 1)}
    await positions.close()


async def test_too_many_rejections_stop_the_worker(platform: Platform, log: Log, workers: Workers) -> None:
    for n in range(3 * IN_A_ROW):  # spread over two partitions
        await log.post(deposit(f"p{n}", f"a{n}", 666))
    number = workers.start()
    assert workers.processes[number].wait(120) != 0
    assert "count_deposits rejected too many events" in workers.log(number)


async def test_too_many_refused_rows_stop_the_worker(platform: Platform, log: Log, workers: Workers) -> None:
    for n in range(3 * IN_A_ROW):  # spread over two partitions; Cassandra takes no key beyond 64 KiB
        await log.post(Counted(event_id=natural_id("long", n), account=f"{n}" + "x" * 65_536, total=n, number=1))
    number = workers.start()
    assert workers.processes[number].wait(120) != 0
    assert "show_totals rejected too many events" in workers.log(number)


async def test_a_source_that_was_made_anew_stops_the_worker(platform: Platform, log: Log, workers: Workers) -> None:
    first = workers.start()
    await log.post(deposit("a", "ann", 1))
    await eventually(lambda: read(platform, "totals"))
    workers.end(first)
    admin: Any = AdminClient({"bootstrap.servers": platform.settings.kafka})
    for deleted in admin.delete_topics([platform.settings.named("deposits")]).values():
        deleted.result(30)
    await eventually(lambda: platform.settings.named("deposits") not in admin.list_topics(timeout=30).topics)
    topics = Topics(platform.settings)
    await topics.apply(await topics.plan(platform.catalogue, platform.processors))
    second = workers.start()
    assert workers.processes[second].wait(120) != 0
    assert "topic deposits was made anew since" in workers.log(second)


async def test_records_that_were_dropped_unread_stop_the_worker(platform: Platform, log: Log, workers: Workers) -> None:
    first = workers.start()
    posted = await log.post(deposit("a", "ann", 1))
    await eventually(lambda: read(platform, "totals"))
    workers.end(first)
    await log.post_all([deposit(f"b{n}", "ann", 1) for n in range(5)])
    admin: Any = AdminClient({"bootstrap.servers": platform.settings.kafka})
    gone = ConfluentPartition(platform.settings.named("deposits"), posted.partition, posted.offset + 3)
    for deleted in admin.delete_records([gone]).values():
        deleted.result(30)
    second = workers.start()
    assert workers.processes[second].wait(120) != 0
    assert "what lies between would be lost" in workers.log(second)


async def test_a_worker_reports_how_its_partitions_fare(platform: Platform, log: Log, workers: Workers) -> None:
    number = workers.start()
    await log.post_all([deposit("a", "ann", 1), deposit("b", "bob", 666)])
    home = workers.home_of(platform.settings)

    def applied() -> bool:
        found = [h for report in reports(home) for h in report.partitions if h.processor == "count_deposits"]
        return sum(h.events for h in found) == 2 and sum(h.dead_letters for h in found) == 1

    await eventually(applied)
    assert workers.end(number) == 0
    assert not reports(home)


async def _resolved(platform: Platform) -> bool:
    return not unresolved(await letters(platform, "count_deposits"))


def _now() -> int:
    return int(time.time() * 1000)
