"""`playlog reencode` and `playlog renditions`: what is made of videos once more, and what is kept of them."""

from __future__ import annotations

import time
import uuid

import click

from deploy.encodes.asking import ask, standings
from deploy.encodes.unplayed import Cold, cold
from processors.encoding.reencoding import Standing, Wish, chosen
from processors.media.encoder_version import ENCODER_VERSION
from processors.media.policies import POLICIES
from processors.media.video_codecs import FORMS
from schemas.encode_reports import DropRequested
from schemas.videos import ReencodeRequested
from streams.event import days
from streams.platform import Platform
from streams.told import told

VIDEOS = click.option("--video", "videos", type=click.UUID, multiple=True, help="This one; may be given again.")
YES = click.option("--yes", is_flag=True, help="Do it; without this, only say what would be done.")


@click.group()
def cli() -> None:
    """Encodes."""


@cli.command()
@VIDEOS
@click.option("--policy", type=click.Choice(list(POLICIES)), help="Those that were encoded by it.")
@click.option("--codec", type=click.Choice(list(FORMS)), help="Those that have pictures in it.")
@click.option(
    "--older-than-encoder", "older_than", type=click.IntRange(2, ENCODER_VERSION), metavar="VERSION",
    help=f"Those that an older encoder made; this is version {ENCODER_VERSION}.",
)  # fmt: skip
@click.option("--to", "encoding", type=click.Choice(list(POLICIES)), help="By this policy, not by their own.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="At most so many at a time.")
@YES
@click.pass_obj
def reencode(
    platform: Platform, videos: tuple[uuid.UUID, ...], policy: str | None, codec: str | None, older_than: int | None,
    encoding: str | None, limit: int, yes: bool,
) -> None:  # fmt: skip
    """Encode videos once more, beside what is played; the new takes the old's place when all of it is complete.

    What is chosen must hold all that is said. New videos go first. What fails changes nothing: `playlog why` says it.
    """
    wish = Wish(policy=policy, codec=codec, older_than=older_than)
    if not videos and wish == Wish():
        raise click.UsageError("say which: --video, --policy, --codec or --older-than-encoder")
    known = told(standings(platform))
    try:
        found = chosen(known, wish, list(map(str, videos)))
    except LookupError as error:
        raise click.ClickException(str(error)) from error
    for video_id in found[:limit]:
        click.echo(f"{video_id}  {_as_it_is(known[video_id])}")
    if yes and found:
        wanted = [ReencodeRequested(video_id=video_id, encoding=encoding) for video_id in found[:limit]]
        told(ask(platform, f"reencode to {encoding or 'their own policy'}", wanted))
    click.echo(_account(len(found), limit, "asked for" if yes else "would be encoded once more: --yes asks for it"))


@cli.group()
def renditions() -> None:
    """What is kept of videos."""


@renditions.command()
@VIDEOS
@click.option("--unplayed-for", "age", type=click.FloatRange(min=0), required=True, metavar="DAYS")
@YES
@click.pass_obj
def drop(platform: Platform, videos: tuple[uuid.UUID, ...], age: float, yes: bool) -> None:
    """Give up renditions of videos that nobody has played for DAYS: all but H.264 up to 540p and the default sound.

    Manifests list the rest. Who asks for the video again has them made again. Their objects
    leave the store by themselves a day later, for players go on with the manifest that they have.
    """
    before = round(time.time() * 1000) - days(age)
    found = told(cold(platform, before, set(map(str, videos))))
    for one in found:
        click.echo(f"{one.video_id}  {' '.join(one.renditions)}")
    if yes and found:
        told(ask(platform, f"drop renditions unplayed for {age:g} days", list(map(_dropped, found))))
    click.echo(_account(len(found), len(found), "are dropped" if yes else "would be dropped: --yes does it"))


def _dropped(one: Cold) -> DropRequested:
    return DropRequested(video_id=one.video_id, encode_id=one.encode_id, renditions=one.renditions)


def _as_it_is(of: Standing) -> str:
    return f"{of.state}, {of.encoding}, {' '.join(of.codecs)}, encoder {of.encoder_version}"


def _account(found: int, limit: int, done: str) -> str:
    rest = f"; {found - limit} more with another --limit, or later" if found > limit else ""
    return f"{min(found, limit)} of {found} {done}{rest}" if found else "nothing is like that"
