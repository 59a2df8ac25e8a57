"""Records as aiokafka has parsed them, without the ConsumerRecord that it would make of each."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from aiokafka.consumer.fetcher import FetchResult


async def arrived(fetcher: Any, tp: Any, timeout: float) -> bool:
    """Whether something has been fetched of a partition within `timeout` seconds: handed over as it was parsed.

    aiokafka would make a ConsumerRecord of each record, which takes thirty times as long as the parsing.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + timeout
    while tp not in fetcher._records and (left := end - loop.time()) > 0:
        waiter = fetcher._create_fetch_waiter()
        await asyncio.wait([waiter], timeout=left)
        waiter.cancel()
    fetched: Any = fetcher._records.get(tp)
    if isinstance(fetched, FetchResult) and fetched.has_more():
        cast("Any", fetched)._partition_records._consumer_record = _as_parsed
    return fetched is not None


def _as_parsed(_: object, record: Any) -> Any:
    return record
