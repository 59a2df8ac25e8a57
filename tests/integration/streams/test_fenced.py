"""Who has lost its partitions learns it and lets go, whatever it was doing when they went to another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from aiokafka.errors import KafkaError, ProducerFenced
from faust.types import TP

from streams.hosting import Host
from streams.log import Log
from streams.platform import Platform
from streams.record import Outgoing
from streams.transactions import Transactions
from tests.integration.streams.hosted import MemoryStores, hosted
from tests.sample import Counted, show_totals
from tests.sample_workers import eventually, read


async def test_a_zombie_is_fenced_between_two_sends(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """aiokafka gives up the transaction at the first refusal, and says of the next record that there is none."""
    zombie, heir = (Transactions(platform.settings, "count_deposits", 0) for _ in range(2))
    sent: list[Any] = []

    async def send(record: Outgoing) -> Any:
        if not sent:
            await heir.start()
        sent.append(future := await Transactions._send(zombie, record))
        with suppress(KafkaError):
            await future
        return future

    monkeypatch.setattr(zombie, "_send", send)
    await zombie.start()
    try:
        with pytest.raises(ProducerFenced):
            await zombie.commit([Outgoing("totals", b"ann", b"lost", ())] * 2, {b"ann": b"lost"})
        assert len(sent) == 1
        await heir.commit([], {b"ann": b"kept"})
    finally:
        await zombie.stop()
        await heir.stop()
    assert not await read(platform, "totals")


async def test_who_stops_while_its_group_rebalances_does_stop(
    platform: Platform, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    await log.post(Counted(account="ann", total=1, number=1))
    stores = MemoryStores()
    async with hosted(platform, show_totals, stores) as leaving:
        await eventually(lambda: stores.totals() == {"ann": 1})
        rebalancing = held_up_until_it_stops(leaving, monkeypatch)
        async with hosted(platform, show_totals, MemoryStores()) as coming:
            await asyncio.wait_for(rebalancing.wait(), 60)
            await asyncio.wait_for(leaving.stop(), 60)
            await eventually(lambda: len(coming.health) == 2)


def held_up_until_it_stops(host: Host, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """A rebalance takes the host's partitions away, which lasts until the host stops; set when it begins."""
    revoked, begun = host.revoked, asyncio.Event()

    async def slowly(partitions: Iterable[TP]) -> None:
        if not begun.is_set():
            begun.set()
            await eventually(lambda: host.app.group.should_stop)
        await revoked(partitions)

    monkeypatch.setattr(host, "revoked", slowly)
    return begun
