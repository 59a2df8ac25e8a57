"""`playlog up`, `declare`, `down`, `status`, `doctor`, `demo`: the platform on this machine."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import click

from deploy.local.configuration import Local, settings_here
from deploy.local.mendable import Mendable
from deploy.local.report import Report


@click.group()
def cli() -> None:
    """The platform on this machine."""


def _local() -> Local:
    try:
        return Local.from_environment()
    except ValueError as reason:
        raise click.ClickException(str(reason)) from None


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; what a person can mend is said without a traceback."""
    try:
        asyncio.run(work)
    except* Mendable as reasons:
        raise click.ClickException("\n".join(str(reason) for reason in _leaves(reasons))) from None


def _leaves(group: BaseExceptionGroup[Any]) -> Iterator[BaseException]:
    for reason in group.exceptions:
        yield from _leaves(reason) if isinstance(reason, BaseExceptionGroup) else [reason]


@cli.command()
@click.option("--servers", is_flag=True, help="Only Kafka, Cassandra, OpenSearch, S3 and the registry.")
@click.option("--watch", is_flag=True, help="Restart what changed while you edit.")
def up(servers: bool, watch: bool) -> None:
    """Start everything and stay until Ctrl-C."""
    from deploy.local.up import run

    _run(run(_local(), Report(), only_servers=servers, watch=watch))


@cli.command()
def declare() -> None:
    """Make topics, schemas, tables, indexes and the bucket stand as declared (`up` does)."""
    from deploy import declare as declaration

    try:
        asyncio.run(declaration.declare(settings_here(), click.echo))
    except (RuntimeError, ValueError) as reason:  # the text says what stands against it and what to do
        raise click.ClickException(str(reason)) from reason


@cli.command()
def down() -> None:
    """Stop what `playlog up` runs, from another terminal."""
    from deploy.local.down import stop_running

    if not stop_running(_local(), Report()):
        raise click.ClickException("stopping failed: see the lines above")


@cli.command()
def status() -> None:
    """Show each process: pid, port, memory, ready or not."""
    from deploy.local.status import show

    sys.exit(0 if show(_local(), Report()) else 1)


@cli.command()
def doctor() -> None:
    """Say what is missing or unhealthy, and how to mend it."""
    from deploy.local.doctor import examine

    sys.exit(0 if examine(_local(), Report()) else 1)


@cli.command()
@click.argument("video", required=False, type=click.Path(path_type=Path))
def demo(video: Path | None) -> None:
    """Start everything, upload VIDEO (or a generated clip) and stay up to watch it."""
    from deploy.local.demo import demonstrate

    _run(demonstrate(_local(), Report(), video))
