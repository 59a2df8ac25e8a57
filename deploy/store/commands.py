"""`playlog store`: what the store holds beyond what the log names, and when sources go to the archive."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar, cast

import click

from deploy.store.orphans import Survey, remove, survey
from gateway.options import DAY, Options
from processors.storage.places import SOURCES
from streams.archive import CLASSES, Archive, ArchiveClass, NoArchive, Rule
from streams.objects import Objects
from streams.operations import operations
from streams.platform import Platform
from streams.store_errors import StoreError
from streams.told import told

SUBJECT = "store"  # in the account of what operators did
RULE = "playlog-sources"
T = TypeVar("T")


@click.group()
def cli() -> None:
    """The object store."""


@cli.group()
def store() -> None:
    """The object store: orphans, the archive."""


@store.command()
@click.option("--delete", is_flag=True, help="Remove them; without this, they are only named.")
@click.option("--list", "listed", is_flag=True, help="Name each object.")
@click.pass_obj
def orphans(platform: Platform, delete: bool, listed: bool) -> None:
    """Compare the store with the log: what nothing names any more, and is older than a day.

    Whatever belongs to an encode that was reported on within eight days is left alone.
    """
    found = _told(_orphans(platform, delete))
    for head in found.orphans if listed else []:
        click.echo(f"{head.size:>14}  {head.key}")
    for line in account(found, delete):
        click.echo(line)


async def _orphans(platform: Platform, delete: bool) -> Survey:
    async with Objects(platform.settings) as objects:
        found = await survey(platform, objects)
        if delete and (found.orphans or found.abandoned):
            async with operations(platform) as log:
                await log.note(SUBJECT, "remove orphans", f"{len(found.orphans)} objects, {found.orphaned_bytes} bytes")
            await remove(platform, objects, found)
        return found


def account(found: Survey, delete: bool) -> list[str]:
    """What was found, in words."""
    done = "removed" if delete else "can go: --delete removes them"
    lines = [f"{found.objects} objects, {found.bytes} bytes; {found.archived} of them archived"]
    lines += [f"  {count} of {reason}" for reason, count in sorted(found.reasons.items())]
    if found.abandoned:
        lines.append(f"  {len(found.abandoned)} uploads that nobody will finish")
    if found.orphans or found.abandoned:
        return [*lines, f"{len(found.orphans)} objects, {found.orphaned_bytes} bytes {done}"]
    return [*lines, "nothing is orphaned"]


@store.command()
@click.option("--after", type=click.IntRange(min=1), metavar="DAYS", help="Archive sources that are this old.")
@click.option("--to", "storage_class", type=click.Choice(CLASSES), default="GLACIER", show_default=True)
@click.option("--never", is_flag=True, help="Archive no more; what is archived stays there.")
@click.pass_obj
def archive(platform: Platform, after: int | None, storage_class: str, never: bool) -> None:
    """When sources go to the store's archive; without an option, say so.

    An encode that needs an archived source has it brought back, and waits: minutes to two days.
    """
    if never and after:
        raise click.UsageError("--never and --after contradict each other: give one of them")
    if after is not None:
        _require_after_uploads(after)
    wanted = Rule(SOURCES, after, cast("ArchiveClass", storage_class)) if after else None
    rule = _told(_archive(platform, wanted, change=never or after is not None))
    click.echo(said(rule))


async def _archive(platform: Platform, wanted: Rule | None, change: bool) -> Rule | None:
    async with Objects(platform.settings) as objects:
        kept = Archive(objects)
        before = await kept.rule(RULE)
        if not change or wanted == before:
            return before
        async with operations(platform) as log:
            await log.note(SUBJECT, "archive", said(wanted))
        await kept.put_rule(RULE, wanted)
        return await kept.rule(RULE)


def _require_after_uploads(days: int) -> None:
    """The parts of an upload that goes on lie beside the sources: in the archive they could be read no more."""
    expiry = Options.from_environment().upload_expiry
    if days * DAY <= expiry:
        raise click.UsageError(
            f"--after {days}: an upload may go on for {expiry / DAY:g} days (PLAYLOG_UPLOAD_EXPIRY), and its parts "
            f"would be archived meanwhile: give {expiry // DAY + 1} days or more"
        )


def said(rule: Rule | None) -> str:
    """The rule in words."""
    if rule is None:
        return "sources are not archived"
    return f"sources go to {rule.storage_class} when they are {rule.days} days old"


def _told(work: Coroutine[Any, Any, T]) -> T:
    """As `told`; what the store refuses is said in one message, too."""
    try:
        return told(work)
    except (StoreError, NoArchive) as error:
        raise click.ClickException(str(error)) from error
