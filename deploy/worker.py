"""`playlog worker`: a process that hosts processors, all of them or those of some kinds."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import click

from processors.delivery.edge import Edge
from processors.encoding.encode_on_gpu import encode_on_gpu
from processors.media.encoders import Encoders
from streams.platform import Platform
from streams.processor import Fold, Processor, Tally, View, Work
from streams.settings import Settings


class NoGpu(RuntimeError):
    """A worker was told to host only what its machine can't do."""


READY_FILE = "PLAYLOG_READY_FILE"
KINDS = ("fold", "view", "tally", "work")


@click.group()
def cli() -> None:
    """Workers."""


@cli.command()
@click.option("--kind", default=",".join(KINDS), show_default=True, help="Kinds to host, with commas between them.")
@click.option("--only", multiple=True, metavar="NAME", help="Host this processor; may be given again.")
@click.option("--metrics-port", type=int, envvar="PLAYLOG_METRICS_PORT", help="Answer /metrics and /healthz there.")
@click.pass_obj
def worker(platform: Platform, kind: str, only: tuple[str, ...], metrics_port: int | None) -> None:
    """Host processors until SIGTERM."""
    chosen = choose(platform.processors, kind.split(","), only)
    quiet_libraries()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    asyncio.run(host(platform, chosen, metrics_port))


def quiet_libraries() -> None:
    """Clients of servers tell of every call; what fails is raised anyway."""
    for name in ("httpx", "aiokafka", "faust", "mode"):
        logging.getLogger(name).setLevel(logging.WARNING)


def choose(processors: Sequence[Processor], kinds: Sequence[str], only: Sequence[str]) -> list[Processor]:
    """The processors of these kinds and, if any are named, of these names; raises a usage error for unknown ones."""
    if unknown := set(kinds) - set(KINDS):
        raise click.UsageError(f"no such kind: {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    if unknown := set(only) - {p.name for p in processors}:
        names = ", ".join(sorted(p.name for p in processors))
        raise click.UsageError(f"no such processor: {', '.join(sorted(unknown))}; there are {names}")
    return [p for p in processors if p.kind in kinds and (not only or p.name in only)]


async def host(platform: Platform, processors: Sequence[Processor], metrics_port: int | None = None) -> None:
    """Streaming ones on Faust, works on share groups, in one process; ends when both have ended, or one fails."""
    from streams.stopping import on_signals
    from streams.worker import run

    streaming = [p for p in processors if isinstance(p, Fold | Tally | View)]
    working = [p for p in processors if isinstance(p, Work)]
    expected = bool(streaming) + bool(working)
    opened: list[str] = []
    stop = on_signals()

    def ready(kind: str) -> None:
        opened.append(kind)
        if len(opened) == expected and (path := os.environ.get(READY_FILE)):
            Path(path).touch()

    async with asyncio.TaskGroup() as tasks:
        if streaming:
            tasks.create_task(run(platform, streaming, stop, lambda: ready("streaming"), metrics_port))
        if working:
            tasks.create_task(work(platform, working, stop, lambda: ready("working")))


async def work(platform: Platform, works: Sequence[Work], stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """Works, once the stores that they are provided with are there."""
    from streams.objects import Objects
    from streams.rows import Rows
    from streams.starting import entered, unless
    from streams.tasks import run_works

    async with AsyncExitStack() as stack:
        objects = await stack.enter_async_context(Objects(platform.settings))
        rows = await unless(stop, entered(stack, lambda: Rows(platform.settings)))
        if rows is not None:
            provided: dict[type, object] = {Objects: objects, Rows: rows, Edge: edge(platform.settings)}
            provided[Encoders] = encoders = await Encoders.found()
            await run_works(platform, hosted(works, encoders), provided, stop, ready)


def hosted(works: Sequence[Work], encoders: Encoders) -> list[Work]:
    """What this machine has the hardware for; raises NoGpu where nothing is left."""
    able = [work for work in works if work is not encode_on_gpu or encoders.any_device]
    if not able:
        raise NoGpu(f"{encode_on_gpu.name} needs a GPU that encodes: run it where `playlog doctor` finds one")
    return able


def edge(settings: Settings) -> Edge:
    """The edge that PLAYLOG_EDGE names, with the gateway's links; raises SecretMissing where they can't be signed."""
    from gateway.access.secrets import media_secret
    from gateway.media.links import Links
    from gateway.options import Options

    options = Options.from_environment()
    if not options.edge:
        return Edge(None)
    return Edge(Links(media_secret(Path(settings.home)), options.watch_expiry, options.edge).media)
