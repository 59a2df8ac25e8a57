"""What is down is waited for, what is refused is set aside, what is new is learnt."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from streams.catalogue import Catalogue
from streams.codec import Codec
from streams.event import natural_id
from streams.health import Health
from streams.hosting import Host
from streams.log import Log
from streams.opening import opened
from streams.platform import Platform
from streams.record import Outgoing
from streams.registry import Registry
from tests.integration.streams.hosted import MemoryStores, hosted
from tests.sample import Counted, Deposited, show_totals
from tests.sample_workers import Workers, eventually, read
from tests.sample_workers import rows as stored


def count(name: str, account: str, total: int) -> Counted:
    return Counted(event_id=natural_id(name), account=account, total=total, number=1)


async def test_a_view_holds_its_partition_while_its_store_is_down(platform: Platform, log: Log) -> None:
    stores = MemoryStores()
    stores.down = True
    async with hosted(platform, show_totals, stores) as host:
        await log.post_all([count("a", "ann", 1), count("b", "ann", 2), count("c", "bob", 3)])

        def held() -> bool:
            return any(h.phase == "held" and "SinkDown: no answer" in h.reason for h in _health(host))

        await eventually(held)
        assert stores.published == {}
        stores.down = False
        await eventually(lambda: stores.totals() == {"ann": 2, "bob": 3})
        await eventually(lambda: all(h.phase == "running" for h in _health(host)))


async def test_writes_that_are_refused_become_dead_letters(platform: Platform, log: Log) -> None:
    stores = MemoryStores()
    await log.post_all([count("a", "ann", 1), count("b", "bob", 13), count("c", "ann", 3)])
    async with hosted(platform, show_totals, stores) as host:
        await eventually(lambda: stores.totals() == {"ann": 3})
        await eventually(lambda: sum(h.dead_letters for h in _health(host)) == 1)


async def test_a_newer_writer_is_understood(platform: Platform, log: Log, workers: Workers) -> None:
    """The worker has started with the old schema when an event arrives whose writer has a newer one."""
    number = workers.start()
    await log.post(Deposited(event_id=natural_id("old"), account="ann", amount=1))
    await eventually(lambda: read(platform, "totals"))
    newer = _with_currency(platform.catalogue)
    async with Registry(platform.settings) as registry:
        codec = Codec(newer, platform.classes, await registry.register(newer))
    event = Deposited(event_id=natural_id("new"), account="ann", amount=2)
    async with opened(platform, [show_totals]) as context:
        await context.send([Outgoing("deposits", b"ann", codec.encode(event), ())])

    async def shown() -> bool:
        return await stored(platform) == {"ann": (3, 2)}

    await eventually(shown)
    assert workers.end(number) == 0


def _with_currency(catalogue: Catalogue) -> Catalogue:
    old = catalogue.schemas["Deposited"]
    currency = {"name": "currency", "type": "string", "default": "EUR", "doc": "ISO 4217"}
    return replace(catalogue, schemas={**catalogue.schemas, "Deposited": {**old, "fields": [*old["fields"], currency]}})


def _health(host: Host) -> list[Health]:
    return list(host.health.values())


async def test_a_partition_in_a_pause_is_given_away_at_once(platform: Platform, log: Log) -> None:
    stores = MemoryStores()
    stores.down = True
    await log.post(count("a", "ann", 1))
    async with hosted(platform, show_totals, stores) as host:
        await eventually(lambda: any(h.phase == "held" for h in _health(host)))
        await asyncio.wait_for(host.revoked(list(host.health)), 5)
        assert host.health == {}
