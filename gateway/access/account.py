"""A person's own account: DELETE /v1/account."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec

from gateway.problems import Problem
from gateway.reads import BY_OWNER, UPLOADS_BY_OWNER
from gateway.route import Call, Reply
from gateway.services import Services
from gateway.videos.describe import put_away
from gateway.videos.known import Known, known_video
from streams.tables import Table

PAGE = 100


class Forgetting(msgspec.Struct, frozen=True):
    """The account is forgotten from `position` on."""

    position: str


async def forget_account(call: Call) -> Reply[Forgetting]:
    """Delete the caller's videos, then the one link between the account and what the log holds of it.

    Counts stay, and nothing leads back from them. Whoever signs in with it afterwards is a stranger. Again is harmless.
    """
    async for video_ids in _own_videos(call.services, call.caller.owner):
        await asyncio.gather(*(_deleted(call, video_id) for video_id in video_ids))
    position = str(await call.services.accounts.forget(call.caller.account_id))
    return Reply(Forgetting(position), position=position)


async def _own_videos(services: Services, owner: str) -> AsyncIterator[list[str]]:
    """Ids, some at a time: what was announced, then what is in the library."""
    yield [row["video_id"] for row in services.recent.of(owner)]
    for table in (UPLOADS_BY_OWNER, BY_OWNER):
        async for video_ids in _pages(services, table, owner):
            yield video_ids


async def _pages(services: Services, table: Table, owner: str) -> AsyncIterator[list[str]]:
    after = None
    while page := await services.rows.list(table, after=after, limit=PAGE, owner=owner):
        yield [row["video_id"] for row in page if not row.get("deleted")]
        after = {name: page[-1][name] for name in table.rows}


async def _deleted(call: Call, video_id: str) -> None:
    """A video that no view shows yet is deleted all the same."""
    try:
        known = await known_video(call.services, video_id)
    except Problem:
        known = Known(video_id, {"owner": call.caller.owner, "state": "open"}, None, None)
    if not known.deleted:
        await put_away(call, known)
