"""Have the broker compact a topic now, which it does by itself within a day."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, cast

import confluent_kafka.admin

from gateway.services import Services
from schemas.accounts import AccountLinked
from streams.partitions import partition_of
from streams.settings import Settings

sdk = cast("Any", confluent_kafka.admin)
AT_ONCE = {"max.compaction.lag.ms": "1", "segment.ms": "1"}
LIMIT = 120.0  # seconds


async def compact_accounts(services: Services, account_id: str, done: Callable[[], Awaitable[bool]]) -> None:
    """Compact the account's partition, and that of its fold's changelog, until it is `done`.

    Only what stands before the last record is compacted, so strangers are linked in the same partition.
    """
    _set(services.settings, ("accounts", "link_account-changelog"), AT_ONCE)
    async with asyncio.timeout(LIMIT):
        while not await done():
            stranger = next(key for key in iter(lambda: uuid.uuid4().hex, "") if _place(key) == _place(account_id))
            await services.log.post(AccountLinked(account_id=stranger, viewer_id=f"acct-{uuid.uuid4().hex}"))
            await asyncio.sleep(2)


def _place(account_id: str) -> int:
    return partition_of(account_id.encode(), 4)


def _set(settings: Settings, topics: tuple[str, ...], config: dict[str, str]) -> None:
    admin = sdk.AdminClient({"bootstrap.servers": settings.kafka})
    entries = [sdk.ConfigEntry(k, v, incremental_operation=sdk.AlterConfigOpType.SET) for k, v in config.items()]
    resources = [
        sdk.ConfigResource(sdk.ResourceType.TOPIC, settings.named(topic), incremental_configs=entries)
        for topic in topics
    ]
    for answer in admin.incremental_alter_configs(resources).values():
        answer.result(30)
