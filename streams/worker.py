"""A worker process: hosts folds, tallies and views until it is told to stop, or something unexpected happens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from streams.context import Context
from streams.ending import end
from streams.health import NONE_YET, Health
from streams.health_page import serve
from streams.hosting import Host
from streams.liveness import watch
from streams.memory import few_heaps, settle_garbage
from streams.metrics import report
from streams.opening import opened, opened_stores
from streams.owners import Owners
from streams.platform import Platform
from streams.processor import Fold, Tally, View
from streams.serving import EVERY, Serving, followed
from streams.settings import Settings
from streams.sinks import SinkDown
from streams.starting import entered
from streams.stopping import on_signals
from streams.stores import Stores


async def run(
    platform: Platform,
    processors: Sequence[Fold | Tally | View],
    stop: asyncio.Event | None = None,
    ready: Callable[[], object] = lambda: None,
    metrics_port: int | None = None,
) -> None:
    """Host `processors` until SIGTERM, SIGINT or `stop`; batches in flight are finished first.

    What is down when it starts is waited for. `ready` is called when every processor has joined its group. With a
    `metrics_port`, Prometheus finds `/metrics` there and a cluster `/healthz`; how the partitions fare, or what the
    start waits for, is in the worker's report in any case (`metrics.reports`).

    Raises what ended the work of a partition unexpectedly, or Stuck: the process must then exit with an error.
    """
    few_heaps()
    stopping = stop or on_signals()
    failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def fail(error: BaseException) -> None:
        if not failure.done():
            failure.set_exception(error)

    hosts: list[Host] = []
    waiting = [Health(p.name, event.topic, NONE_YET) for p in processors for event in p.reads]

    def health() -> Iterable[Health]:
        return _health(hosts) if hosts else waiting

    async with contextlib.AsyncExitStack() as stack:
        _show(stack, platform.settings, health, fail, metrics_port)
        opening = asyncio.create_task(_open(stack, platform, processors, waiting))
        await _either(opening, stopping, failure)
        if not opening.done():
            await end(opening)
        else:
            serving, context, stores = opening.result()
            owners = Owners()
            hosts += [Host(processor, context, stores, owners, fail) for processor in processors]
            stack.push_async_callback(_stop, hosts)
            switching = asyncio.create_task(_switch(serving, stores, hosts, fail))
            stack.callback(switching.cancel)
            await asyncio.gather(*(host.start() for host in hosts))
            for host in hosts:
                await _either(host.joined, stopping, failure)
            if not (stopping.is_set() or failure.done()):
                ready()
            settle_garbage()
            await _either(stopping, failure)
    if failure.done():
        failure.result()


def _show(
    stack: contextlib.AsyncExitStack, settings: Settings, health: Callable[[], Iterable[Health]],
    fail: Callable[[BaseException], None], metrics_port: int | None,
) -> None:  # fmt: skip
    """Report on the partitions, and watch over them, until the stack is left."""
    for minding in (report(settings, health), watch(health, fail)):
        stack.callback(asyncio.create_task(minding).cancel)
    if metrics_port is not None:
        serve(metrics_port, health)


async def _open(
    stack: contextlib.AsyncExitStack, platform: Platform, processors: Sequence[Fold | Tally | View],
    waiting: Sequence[Health],
) -> tuple[Serving, Context, Stores]:  # fmt: skip
    """What all hosts share, each piece once it is there."""
    settings = platform.settings
    serving = await entered(stack, lambda: followed(settings), waiting)
    context = await entered(stack, lambda: opened(platform, processors, serving.now), waiting)
    stores = await entered(stack, lambda: opened_stores(settings, processors, serving.now), waiting)
    return serving, context, stores


def _health(hosts: Iterable[Host]) -> Iterable[Health]:
    return [health for host in hosts for health in host.health.values()]


async def _switch(
    serving: Serving, stores: Stores, hosts: Sequence[Host], fail: Callable[[BaseException], None]
) -> None:
    """Whenever other versions serve, let those of `hosts` whom it concerns go on with them."""
    while True:
        await serving.changed.wait()
        serving.changed.clear()
        try:
            now = await stores.at(serving.now)
            await asyncio.gather(*(host.switch(now) for host in hosts))
        except SinkDown:
            await asyncio.sleep(EVERY)
            serving.changed.set()
        except Exception as error:
            fail(error)
            return


async def _either(*awaited: asyncio.Event | asyncio.Future[Any]) -> None:
    """Return when the first of these has happened."""
    waits = [asyncio.ensure_future(a.wait()) if isinstance(a, asyncio.Event) else a for a in awaited]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait, given in zip(waits, awaited, strict=True):
        if isinstance(given, asyncio.Event):
            wait.cancel()


async def _stop(hosts: Sequence[Host]) -> None:
    await asyncio.gather(*(host.stop() for host in hosts), return_exceptions=True)
