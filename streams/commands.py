"""The engine's commands: topics, schemas, following the log, dead letters. They find the Platform as click's `obj`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from streams.admin import Topics
from streams.catalogue import package
from streams.dead_letter_commands import dlq, named
from streams.drawing import NoGraphviz, mermaid, svg
from streams.generate import module
from streams.graph import graph_of
from streams.platform import Platform
from streams.processor import ProcessorError
from streams.rebuild_commands import rebuild
from streams.record_command import record
from streams.releases import release
from streams.serving import versions_now
from streams.tail import Recorded, Tail
from streams.told import told
from streams.topic_plan import Plan
from streams.verification import verify


@click.group()
def cli() -> None:
    """The engine."""


cli.add_command(dlq)
cli.add_command(record)
cli.add_command(rebuild)


@cli.command("topology")
@click.argument("rooms", nargs=-1)
@click.option("--svg", "picture", type=click.Path(dir_okay=False, path_type=Path), help="Write a picture to this file.")
@click.pass_obj
def show_topology(platform: Platform, rooms: tuple[str, ...], picture: Path | None) -> None:
    """Draw what flows where, as Mermaid: topics, processors, tables; all of it, or what touches the ROOMS named."""
    try:
        graph = graph_of(platform.catalogue, platform.processors)
        graph = graph.within(rooms) if rooms else graph
        if picture is None:
            click.echo(mermaid(graph), nl=False)
        else:
            picture.write_text(svg(graph))
    except (ValueError, NoGraphviz, OSError) as error:
        raise click.ClickException(str(error)) from error


@cli.command()
@click.argument("topic")
@click.option("--from-start", is_flag=True, help="Begin with the oldest record instead of the next.")
@click.option("--key", help="Only records of this key.")
@click.pass_obj
def tail(platform: Platform, topic: str, from_start: bool, key: str | None) -> None:
    """Print the events of TOPIC as they come, one JSON object a line, until Ctrl-C."""
    told(_follow(platform, topic, from_start, key))


async def _follow(platform: Platform, topic: str, from_start: bool, key: str | None) -> None:
    reader = Tail(platform.settings, await platform.codec())
    async with reader.follow([topic], "start" if from_start else "end") as records:
        async for recorded in records:
            if key is None or recorded.key == key:
                click.echo(line(recorded))


def line(recorded: Recorded) -> str:
    """A record as a line of JSON: when, where, what."""
    when = datetime.fromtimestamp(recorded.clock / 1000, UTC).isoformat(timespec="milliseconds")
    head = {"time": when, "position": str(recorded.position), "key": recorded.key}
    if recorded.event is None:
        return json.dumps({**head, "problem": recorded.problem})
    return json.dumps(
        {**head, "event": type(recorded.event).__name__, **msgspec.to_builtins(recorded.event)}, ensure_ascii=False
    )


@cli.command("verify")
@click.argument("processor")
@click.pass_obj
def verify_view(platform: Platform, processor: str) -> None:
    """Prove that what PROCESSOR shows equals the log, as of what it has applied; exits with 1 where it does not.

    Its code runs over its topics from their beginnings, in memory; cells written meanwhile are left alone.
    """
    try:
        verdict = told(verify(platform, named(platform, processor)))
    except ProcessorError as error:
        raise click.ClickException(str(error)) from error
    for text in verdict.differences:
        click.echo(text)
    click.echo(
        f"{processor}: {verdict.records} records, {verdict.rows} rows; {verdict.equal} cells equal, "
        f"{verdict.newer} written since, {verdict.wrong} wrong"
    )
    if verdict.wrong:
        raise click.ClickException(f"{processor} differs from the log")


@cli.group()
def topics() -> None:
    """The broker's topics, as the catalogue wants them."""


@topics.command()
@click.pass_obj
def plan(platform: Platform) -> None:
    """Print what `apply` would do; exits with 1 where it would do anything."""
    changes = told(_changes(platform, Topics(platform.settings)))
    for text in changes.lines() or ["nothing to do"]:
        click.echo(text)
    if not changes.empty:
        raise SystemExit(1)


@topics.command()
@click.option("--add-partitions", is_flag=True, help="Also where a topic has too few, and no order or state to lose.")
@click.pass_obj
def apply(platform: Platform, add_partitions: bool) -> None:
    """Create what is missing, set what differs. Nothing is deleted, nor is what has state repartitioned."""
    told(_apply(platform, add_partitions))


async def _apply(platform: Platform, add_partitions: bool) -> None:
    broker = Topics(platform.settings)
    changes = await _changes(platform, broker)
    await broker.apply(changes, add_partitions)
    for text in changes.lines() or ["nothing to do"]:
        click.echo(text)


async def _changes(platform: Platform, broker: Topics) -> Plan:
    return await broker.plan(platform.catalogue, platform.processors, await versions_now(platform.settings))


@cli.group()
def schemas() -> None:
    """The typed records in `schemas/`."""


@schemas.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a module differs from its schemas.")
@click.pass_obj
def generate(platform: Platform, check: bool) -> None:
    """Write `schemas/<topic>/__init__.py` from the Avro schemas beside it."""
    stale = [path for path, source in sources(platform).items() if not path.exists() or path.read_text() != source]
    for path in stale:
        click.echo(f"{'differs' if check else 'written'}: {path.relative_to(platform.root)}")
        if not check:
            path.write_text(sources(platform)[path])
    if check and stale:
        raise click.ClickException('the records differ from their schemas: run "playlog schemas generate"')


@schemas.command("release")
@click.pass_obj
def release_schemas(platform: Platform) -> None:
    """Record changed schemas as released; from then on later versions must be compatible with them."""
    for name in release(platform.root, platform.catalogue):
        click.echo(f"released: {name}")


def sources(platform: Platform) -> dict[Path, str]:
    """The module of each topic: its path and what it should hold."""
    return {
        platform.root / "schemas" / package(topic.name) / "__init__.py": module(platform.catalogue, topic)
        for topic in platform.catalogue.topics.values()
    }
