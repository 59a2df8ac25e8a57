"""`playlog recount VIDEO`: a video's views and minutes, counted straight from the log."""

from __future__ import annotations

import uuid

import click

from processors.playback.recount import Counts, recount
from schemas.playback import PlaybackBeacon
from streams.event import hours, made_at
from streams.platform import Platform
from streams.tail import Tail
from streams.told import told


@click.group()
def cli() -> None:
    """Counting without the engine."""


@cli.command("recount")
@click.argument("video", type=click.UUID)
@click.pass_obj
def recount_video(platform: Platform, video: uuid.UUID) -> None:
    """Count VIDEO's views and minutes from every beacon in the log; `playlog verify` holds whole views against it."""
    counts = told(counted(platform, str(video)))
    click.echo(f"views       {counts.views}")
    click.echo(f"watched     {counts.watched_ms} ms")
    click.echo(f"stalled     {counts.stalled_ms} ms")


async def counted(platform: Platform, video_id: str) -> Counts:
    """From what was logged since an hour before the video's id was made (a UUIDv7); raises as `Tail`."""
    since = made_at(video_id) - hours(1) if uuid.UUID(video_id).version == 7 else 0
    tail, beacons = Tail(platform.settings, await platform.codec()), list[PlaybackBeacon]()
    async for recorded in tail.until_now(["playback"], since):
        if isinstance(recorded.event, PlaybackBeacon) and recorded.event.video_id == video_id:
            beacons.append(recorded.event)
    return recount(beacons).get(video_id, Counts())
