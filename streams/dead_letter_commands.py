"""`playlog dlq`: dead letters, for operators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click
import msgspec

from streams.codec import Codec, Undecodable
from streams.dead_letters import Waiting, resolver, waiting
from streams.letters import dead_letters
from streams.platform import Platform
from streams.processor import Processor
from streams.told import told


@click.group()
def dlq() -> None:
    """Dead letters: events and tasks that a processor could not apply."""


@dlq.command("list")
@click.argument("processor", required=False)
@click.pass_obj
def list_(platform: Platform, processor: str | None) -> None:
    """Print those that wait, of one processor or all: place, key, time, error, how many are parked behind."""
    chosen = [named(platform, processor)] if processor else list(platform.processors)
    for one, dead in told(_all(platform, chosen)):
        record = dead.letter.record
        when = datetime.fromtimestamp(record.timestamp / 1000, UTC).isoformat(timespec="seconds")
        parked = f" +{dead.parked} parked" if dead.parked else ""
        click.echo(f"{one.name}  {dead.place}  {_text(record.key)}  {when}  {dead.letter.error}{parked}")


@dlq.command()
@click.argument("processor")
@click.argument("place")
@click.pass_obj
def show(platform: Platform, processor: str, place: str) -> None:
    """Print one in full: headers, the event, the error and where in the code it arose."""
    codec, [dead] = told(_chosen(platform, named(platform, processor), [place]))
    letter = dead.letter
    click.echo(f"{letter.processor} {letter.version} rejected {dead.place}, key {_text(letter.record.key)}")
    for name, value in letter.record.headers:
        click.echo(f"  {name}: {_text(value)}")
    click.echo(_event(codec, letter.record.value))
    click.echo(letter.stack or letter.error)


@dlq.command()
@click.argument("processor")
@click.argument("places", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that wait.")
@click.pass_obj
def replay(platform: Platform, processor: str, places: tuple[str, ...], every: bool) -> None:
    """Have letters tried again by this processor alone; a fold goes on with what is parked behind."""
    told(_resolve(platform, named(platform, processor), _which(places, every), "replay"))


@dlq.command()
@click.argument("processor")
@click.argument("places", nargs=-1, required=True)
@click.pass_obj
def drop(platform: Platform, processor: str, places: tuple[str, ...]) -> None:
    """Give letters up for good; a fold goes on with what is parked behind."""
    told(_resolve(platform, named(platform, processor), places, "drop"))


def named(platform: Platform, processor: str) -> Processor:
    """The processor of that name; raises a usage error that lists them."""
    for candidate in platform.processors:
        if candidate.name == processor:
            return candidate
    names = ", ".join(sorted(p.name for p in platform.processors))
    raise click.UsageError(f"no such processor: {processor}; there are {names}")


def _which(places: tuple[str, ...], every: bool) -> tuple[str, ...] | None:
    if bool(places) == every:
        raise click.UsageError("name the letters by their places, or say --all")
    return None if every else places


async def _all(platform: Platform, processors: Sequence[Processor]) -> list[tuple[Processor, Waiting]]:
    codec = await platform.codec()
    return [(one, dead) for one in processors for dead in await waiting(platform, codec, one)]


async def _chosen(
    platform: Platform, processor: Processor, places: Sequence[str] | None
) -> tuple[Codec, list[Waiting]]:
    """The waiting letters at `places`, or all; raises a usage error for a place where none waits."""
    codec = await platform.codec()
    found = {dead.place: dead for dead in await waiting(platform, codec, processor)}
    if unknown := set(places or ()) - set(found):
        raise click.UsageError(f"{dead_letters(processor.name)} has no letter waiting at {', '.join(sorted(unknown))}")
    return codec, [found[place] for place in (found if places is None else places)]


async def _resolve(platform: Platform, processor: Processor, places: Sequence[str] | None, verb: str) -> None:
    _, letters = await _chosen(platform, processor, places)
    async with resolver(platform) as resolving:
        for dead in letters:
            await (resolving.replay if verb == "replay" else resolving.drop)(dead.letter, processor)
            click.echo(f"{verb}: {dead.place}")


def _event(codec: Codec, value: bytes | None) -> str:
    if not value:
        return "(a timer)"
    try:
        event = codec.decode(value)
    except Undecodable as error:
        return f"{value!r}\n{error}"
    return f"{type(event).__name__} {msgspec.json.encode(event).decode()}"


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode(errors="replace")
