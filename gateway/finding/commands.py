"""The `playlog trending` command."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import click

from gateway.finding.past import Past, trending_at
from gateway.finding.words import words
from gateway.options import Options
from processors.ranking.trend import Trending, Window
from streams.platform import Platform
from streams.told import told


@click.group()
def cli() -> None:
    """Finding."""


@cli.command()
@click.option(
    "--at", "at", metavar="TIME", help="ISO 8601, UTC unless it says otherwise, or ms since 1970; now unless given."
)
@click.option(
    "--window", type=click.Choice(["1h", "24h"]), default="24h", show_default=True, help="A view's half-life."
)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.pass_obj
def trending(platform: Platform, at: str | None, window: Window, limit: int) -> None:
    """Print what was trending at TIME, computed from the log."""
    try:
        when = moment(at)
        least = Options.from_environment().trending_viewers
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for line in lines(told(trending_at(platform, when, window, least, limit))):
        click.echo(line)


def moment(text: str | None) -> int:
    """Milliseconds since 1970; raises ValueError for what is no time."""
    if text is None:
        return int(time.time() * 1000)
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return int(text)
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{text[:40]!r} is no time\n  mend:   write it as 2026-03-01T18:00 or as ms since 1970"
        ) from None
    return int((given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp() * 1000)


def lines(found: list[Past]) -> list[str]:
    """A line a video, best first."""
    if not found:
        return ["nothing was trending"]
    return ["     score  viewers  video", *(_line(one.trend, one.title) for one in found)]


def _line(trend: Trending, title: str) -> str:
    return f"{trend.score:10.3f}  {trend.viewers:7d}  {trend.video_id}  {words(title)}"
