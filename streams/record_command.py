"""`playlog record`: a slice of the log into a file, for a harness to run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import click

from streams.platform import Platform
from streams.recording import Taken, line_of, recorded
from streams.registry import Registry
from streams.tail import Tail
from streams.told import told

TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.command()
@click.argument("topics", nargs=-1, required=True)
@click.option("--from", "since", type=TIME, help="Leave out what is older (UTC).")
@click.option("--to", "until", type=TIME, help="Leave out what is as old or newer (UTC).")
@click.option("--key", help="Only records of this key, and those without one: ticks, replays.")
@click.pass_obj
def record(
    platform: Platform, topics: tuple[str, ...], since: datetime | None, until: datetime | None, key: str | None
) -> None:
    """Print the records of TOPICS up to now as they lie in the log, and the schemas to read them with.

    A harness runs the file: run(processor, Recording.load(path)), or Topology(…).play(…).
    """
    told(_print(platform, topics, _ms(since) or 0, _ms(until), key))


async def _print(platform: Platform, topics: tuple[str, ...], since: int, until: int | None, key: str | None) -> None:
    tail = Tail(platform.settings, await platform.codec())

    async def taken() -> AsyncIterator[Taken]:
        async for found in tail.until_now(topics, since, controls=True):
            if (until is None or found.clock < until) and (key is None or found.key in ("", key)):
                yield Taken(found.position.topic, found.record)

    async with Registry(platform.settings) as registry:
        async for line in recorded(taken(), registry):
            click.echo(line_of(line))


def _ms(time: datetime | None) -> int | None:
    return None if time is None else int(time.replace(tzinfo=UTC).timestamp() * 1000)
