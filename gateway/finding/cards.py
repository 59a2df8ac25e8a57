"""The card of a video: what every shelf shows of it. Only what is public and published has one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from gateway.playback.counts import views_of_all
from gateway.reads import VIDEOS
from gateway.services import Services
from gateway.videos.pictures import POSTER, PREVIEW

Row = Mapping[str, Any]
MOST_AT_ONCE = 200  # cards in one answer; a shelf asks for far fewer


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A video on a shelf. Times are ms since 1970 UTC; `watch` is its page.

    `poster` and `preview`, a moving one, are signed links to its pictures; there may be none behind them.
    """

    video_id: str
    title: str
    owner: str
    duration_ms: int | None
    created_at: int
    views: int
    watch: str
    poster: str
    preview: str


C = TypeVar("C", bound=Card)


async def cards_of(services: Services, video_ids: Iterable[str]) -> dict[str, Card]:
    """Cards by video id, in the order given; what is unknown, hidden or not published yet is left out.

    Raises SinkDown where Cassandra does not answer, ValueError for more than 200 ids.
    """
    wanted = list(dict.fromkeys(video_ids))
    rows, views = await asyncio.gather(public_rows(services, wanted), views_of_all(services, wanted))
    return {video: card(services, row, views[video]) for video, row in rows.items()}


async def public_rows(services: Services, video_ids: Iterable[str]) -> dict[str, Row]:
    """Rows of `videos` by video id, in the order given, of those that anybody may find.

    Read from the library's own rows, so that what was hidden a moment ago is on no shelf, whatever suggested it.
    Raises as `cards_of` does.
    """
    wanted = list(dict.fromkeys(video_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise ValueError(f"{len(wanted)} videos at once: ask for at most {MOST_AT_ONCE}")
    rows = await asyncio.gather(*(services.rows.get(VIDEOS, video_id=video) for video in wanted))
    return {video: row for video, row in zip(wanted, rows, strict=True) if row and on_shelves(row)}


def on_shelves(row: Row, state: str = "state_videos") -> bool:
    """Whether a row of `videos` is of a video that anybody may find. `state`: the field that says how far it is."""
    public = row.get("visibility") == "public" and row.get(state) == "published"
    return public and not row.get("deleted")


def card(services: Services, row: Row, views: int) -> Card:
    """The card of a row of `videos`."""
    video_id = row["video_id"]
    media = services.links.media(video_id, time.time())
    return Card(
        video_id=video_id, title=row.get("title") or "", owner=row.get("owner") or "",
        duration_ms=row.get("duration_ms"), created_at=row.get("created_at") or 0, views=views,
        watch=f"/watch/{video_id}", poster=f"{media}/{POSTER}", preview=f"{media}/{PREVIEW}",
    )  # fmt: skip


def filled(kind: type[C], of: Card, **more: Any) -> C:
    """`of` as a card that says more: the `kind` of one shelf, with its own fields in `more`."""
    return kind(**msgspec.structs.asdict(of), **more)
