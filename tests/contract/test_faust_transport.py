"""What the transport takes for granted of Faust and aiokafka: a release that differs fails here, not in the night."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiokafka
import faust
import mode
import pytest
from aiokafka import partitioner
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer.fetcher import Fetcher, FetchResult, PartitionRecords
from aiokafka.consumer.subscription_state import SubscriptionState
from faust.app.base import BootStrategy
from faust.transport import consumer as base
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from streams.faust_app import ProcessorApp, processor_app
from streams.faust_transport import Consumer, ConsumerThread, Transport
from streams.settings import Settings
from tests.contract.touched import names_of, touched

METHODS: dict[Callable[..., Any], list[str]] = {
    driver.AIOKafkaConsumerThread._create_worker_consumer: ["self", "transport"],
    driver.AIOKafkaConsumerThread._commit: ["self", "offsets"],
    driver.AIOKafkaConsumerThread._ensure_consumer: ["self"],
    driver.Consumer._new_consumer_thread: ["self"],
    driver.server_list: ["urls", "default_port"],
    driver.ensure_aiokafka_TP: ["tp"],
    base.Consumer._filter_committable_offsets: ["self", "tps"],
    base.Consumer._filter_tps_with_pending_acks: ["self", "topics"],
    base.Consumer._commit_tps: ["self", "tps", "start_new_transaction"],
    base.Consumer._commit_offsets: ["self", "offsets", "start_new_transaction"],
    base.Consumer.on_partitions_assigned: ["self", "assigned", "generation_id"],
    base.Consumer.on_partitions_revoked: ["self", "revoked"],
    base.Consumer.wait_empty: ["self"],
    base.Consumer.verify_all_partitions_active: ["self"],
    mode.Service.on_started: ["self"],
    BootStrategy.server: ["self"],
    faust.App._crash: ["self", "reason"],
    faust.App.on_rebalance_return: ["self"],
    faust.App.on_rebalance_end: ["self"],
    Fetcher.fetched_records: ["self", "partitions", "timeout", "max_records"],
    Fetcher._create_fetch_waiter: ["self"],
    PartitionRecords._consumer_record: ["self", "tp", "record"],
    SubscriptionState.fetch_context: ["self"],
    aiokafka.AIOKafkaConsumer.last_stable_offset: ["self", "partition"],
    aiokafka.AIOKafkaConsumer.seek: ["self", "partition", "offset"],
    aiokafka.AIOKafkaProducer.create_batch: ["self"],
    aiokafka.AIOKafkaProducer.send_batch: ["self", "batch", "topic", "partition"],
    AIOKafkaClient.fetch_all_metadata: ["self"],
    partitioner.murmur2: ["data"],
}
ATTRIBUTES: dict[str, type] = {
    "_fetcher": aiokafka.AIOKafkaConsumer,
    "_subscriptions": Fetcher,
    "_records": Fetcher,
    "_partition_records": FetchResult,
    "_acked": base.Consumer,
    "_committed_offset": base.Consumer,
    "_thread": base.ThreadDelegateConsumer,
}


class Nobody:
    """Hosts nothing."""

    topics: Sequence[str] = ("t",)

    async def assigned(self, partitions: Iterable[TP]) -> None: ...

    async def revoked(self, partitions: Iterable[TP]) -> None: ...

    def failed(self, reason: BaseException) -> None:
        self.reasons = [reason]


@pytest.fixture
async def app(tmp_path: Path) -> ProcessorApp:
    return processor_app(Settings(home=str(tmp_path), namespace="ns"), "count", Nobody())


def test_the_releases_are_those_it_was_written_for() -> None:
    assert {name: version(name) for name in ("faust-streaming", "aiokafka")} == {
        "faust-streaming": "0.15.3", "aiokafka": "0.14.0",
    }  # fmt: skip


def test_all_that_is_touched_is_listed_here() -> None:
    listed = {method.__name__ for method in METHODS} | set(ATTRIBUTES)
    assert {name: where for name, where in touched().items() if name not in listed} == {}


@pytest.mark.parametrize(("name", "owner"), ATTRIBUTES.items())
def test_a_touched_attribute_is_where_it_was(name: str, owner: type) -> None:
    assert name in names_of(owner)


@pytest.mark.parametrize(("method", "parameters"), METHODS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_touched_method_is_as_it_was(method: Callable[..., Any], parameters: list[str]) -> None:
    assert list(inspect.signature(method).parameters) == parameters


def test_the_transport_is_found_by_its_scheme() -> None:
    assert TRANSPORTS.by_url("playlog://127.0.0.1:1") is Transport


def test_the_thread_s_commit_and_consumer_are_the_ones_that_faust_calls() -> None:
    assert "self._commit" in inspect.getsource(driver.AIOKafkaConsumerThread.commit)
    assert "self._create_worker_consumer(" in inspect.getsource(driver.AIOKafkaConsumerThread._create_consumer)
    assert "self._new_consumer_thread()" in inspect.getsource(base.ThreadDelegateConsumer.__init__)


async def test_an_app_starts_sensors_and_a_consumer_and_nothing_else(app: ProcessorApp) -> None:
    """So its producer, whose failed sends are committed and whose flush gives up, and its tables play no part."""
    services = list(app.on_init_dependencies())
    assert [type(service) for service in services] == [type(app.monitor), Consumer]


async def test_its_group_is_the_processor_in_the_namespace(app: ProcessorApp) -> None:
    assert app.conf.id == "ns.count"
    assert (app.conf.broker_session_timeout, app.conf.broker_heartbeat_interval) == (6.0, 1.0)
    assert not app.in_transaction  # Faust's exactly_once sends offsets without the generation


async def test_it_reads_committed_records_only(app: ProcessorApp) -> None:
    consumer = app.group._thread._create_worker_consumer(app.transport)
    assert consumer._isolation_level == "read_committed"
    assert consumer._enable_auto_commit is False
    assert isinstance(app.group._thread, ConsumerThread)


async def test_a_dead_consumer_is_told_to_who_hosts_it(app: ProcessorApp) -> None:
    reason = RuntimeError("dead")
    await app.group.crash(reason)
    assert app.hosted.reasons == [reason]  # pyright: ignore[reportAttributeAccessIssue]: Nobody's


async def test_offsets_count_as_committed_once_the_broker_took_them(
    app: ProcessorApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faust advances its books although the commit failed."""
    tp, answers = TP("t", 0), [False, True]

    async def commit(offsets: dict[TP, int]) -> bool:
        return answers.pop(0)

    monkeypatch.setattr(app.group, "_commit", commit)
    app.group.hint(tp, 7)
    assert not await app.group.commit()
    assert app.group._filter_committable_offsets([tp]) == {tp: 7}
    assert await app.group.commit()
    assert app.group._filter_committable_offsets([tp]) == {}
