"""Find videos that nobody has played for a while, and what can be given up of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from deploy.encodes.asking import standings
from gateway.media.listing import tracks_of
from processors.encoding.tables import ENCODES
from processors.encoding.unplayed import expendable
from processors.playback.tables import WATCHED_BY_HOUR
from streams.event import hours
from streams.platform import Platform
from streams.rows import Row, Rows


@dataclass(frozen=True)
class Cold:
    """A video that nobody plays, and the renditions of its encode to give up."""

    video_id: str
    encode_id: str
    renditions: tuple[str, ...]


async def cold(platform: Platform, before: int, named: Collection[str]) -> list[Cold]:
    """Videos that were published, and last played, before a time (ms); of those named if any are.

    Raises LookupError where there is no log, SinkDown where the views do not answer.
    """
    known = await standings(platform)
    asked = [
        video_id
        for video_id, of in known.items()
        if of.state == "published" and of.published_at < before and (not named or video_id in named)
    ]
    async with Rows(platform.settings) as rows:
        looked = [await _looked_at(rows, video_id, before) for video_id in asked]
    return [one for one in looked if one is not None]


async def _looked_at(rows: Rows, video_id: str, before: int) -> Cold | None:
    after = {"hour": before - hours(1), "partition": -1}  # an hour's bucket is named by its start
    if await rows.list(WATCHED_BY_HOUR, after=after, limit=1, video_id=video_id):
        return None
    encode = await rows.get(ENCODES, video_id=video_id)
    names = expendable(tracks_of(encode)) if encode and _settled(encode) else []
    return Cold(video_id, encode["encode_id"], tuple(names)) if encode and names else None


def _settled(encode: Row) -> bool:
    return encode["state"] == "completed" and encode.get("next_state") != "running"
