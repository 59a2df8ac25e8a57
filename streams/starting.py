"""Before the first partition: what a worker needs and is down is waited for, as partitions wait for it later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, TypeVar

from aiokafka.errors import KafkaError
from confluent_kafka import KafkaException

from streams.ending import end
from streams.failures import Backoff
from streams.health import Health
from streams.registry import RegistryDown
from streams.sinks import SinkDown

AWAY = (KafkaError, KafkaException, RegistryDown, SinkDown, TimeoutError)
T = TypeVar("T")
log = logging.getLogger(__name__)


async def entered(
    stack: AsyncExitStack, made: Callable[[], AbstractAsyncContextManager[T]], waiting: Sequence[Health] = ()
) -> T:
    """Enter what `made` makes, anew until what it needs is there; `waiting` says meanwhile what that is.

    Raises what waiting does not mend: what is not declared, or contradicts what is.
    """
    backoff, again = Backoff(), False
    while True:
        try:
            return await stack.enter_async_context(made())
        except AWAY as error:
            reason = f"{type(error).__name__}: {error}"
            for one in waiting:
                one.held(reason)
            log.warning("the start waits: %s", reason)
            await asyncio.sleep(backoff.pause(again))
            again = True


async def unless(stop: asyncio.Event, opening: Coroutine[Any, Any, T]) -> T | None:
    """What `opening` gives; None where the word to stop comes first."""
    task, stopped = asyncio.create_task(opening), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        await end(task, stopped)
