"""What the log says of videos, and asking it for something to be done to them."""

from __future__ import annotations

from collections.abc import Sequence

from processors.encoding.reencoding import Standing, noted
from streams.event import Event
from streams.log import Log
from streams.operations import operations
from streams.platform import Platform
from streams.tail import Tail

SUBJECT = "encodes"  # in the account of what operators did
TOPIC = "videos"


async def standings(platform: Platform) -> dict[str, Standing]:
    """Every video with a probed source; raises as `Tail`."""
    found = dict[str, Standing]()
    async for recorded in Tail(platform.settings, await platform.codec()).until_now([TOPIC]):
        if recorded.event is not None:
            noted(found, recorded.event, recorded.clock)
    return found


async def ask(platform: Platform, what: str, events: Sequence[Event]) -> None:
    """Tell the log who asks for what, then ask; raises LogDown."""
    async with operations(platform) as account:
        await account.note(SUBJECT, what, f"{len(events)} videos")
    async with Log(platform.settings, platform.catalogue, await platform.codec(), origin="operator") as log:
        for event in events:
            await log.post(event)
