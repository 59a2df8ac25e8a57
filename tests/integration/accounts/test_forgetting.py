"""A person who watched and rated has the account deleted: what was counted stays, who it was is nowhere."""

from __future__ import annotations

import base64
import logging
from typing import Any

import httpx
import pytest

from gateway.access.caller import account_of
from processors.recommending.tables import CO_WATCHES
from streams.settings import Settings
from tests.integration.accounts.compaction import compact_accounts
from tests.integration.accounts.everything import Kept, everything, holding, indexes, tables, topics
from tests.integration.gateway.conftest import Rig, eventually
from tests.integration.playback.conftest import Player, counted, film, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")
ADA = "Ada Lovelace <ada@example.org>"
NAMES = (ADA, "Ada Lovelace", "Lovelace", "ada@example.org", "ada%40example.org")
WRITTEN = "Byron"  # in the words of a video
COUNTS = ("video_views", "views_by_hour", "watched_by_hour", "watched_by_minute", "scores", "co_watches")


async def watched_and_rated(client: httpx.AsyncClient, films: list[str], stars: int) -> None:
    for video in films:
        player = await Player.of(client, video)
        await player.tell(10_000, 10_000, 10_000)
        rated = await client.put(f"/v1/videos/{video}/rating", json={"stars": stars})
        assert rated.status_code == 202, rated.text


async def own_upload(rig: Rig, client: httpx.AsyncClient) -> tuple[str, str]:
    """An announced video that names its owner, and the owner's pseudonym."""
    words = {"title": f"{WRITTEN} at sea", "description": f"by {WRITTEN}", "tags": [WRITTEN]}
    video = (await rig.started(client, visibility="public", **words))["video_id"]
    return video, (await client.get(f"/v1/videos/{video}")).json()["owner"]


async def counts(rig: Rig) -> list[Kept]:
    rows = [row async for row in tables(rig.platform.settings, *COUNTS)]
    return sorted(rows, key=lambda row: (row.place, row.value or b""))


async def all_counted(rig: Rig, films: list[str], nobody: httpx.AsyncClient) -> None:
    """All that both viewers' views and ratings come to, and the pair of films that both have watched."""

    async def so() -> bool:
        shown = [(await nobody.get(f"/v1/videos/{video}")).json() for video in films]
        told = {(video["views"], video["rating"]["count"]) for video in shown} == {(2, 2)}
        pairs = [await rig.services.rows.sums(CO_WATCHES, ["viewers"], video_id=video) for video in films]
        return told and pairs == [{"viewers": 2}] * len(films)

    await eventually(so, 60)
    for video in films:
        await settled(rig, nobody, video, await counted(rig, video))


async def rows_of(rig: Rig, pseudonym: str) -> list[str]:
    """The viewer's tables that still have rows of theirs."""
    rows = [row async for row in tables(rig.platform.settings, "recent_watches", "viewer_ratings", "accounts")]
    return [row.place for row in holding(rows, pseudonym)]


def tokens_secret(client: httpx.AsyncClient) -> str:
    """The part of a client's token that holds the subject, in base64."""
    return client.headers["Authorization"].split(".")[1]


async def test_a_forgotten_person_is_nowhere_and_what_they_did_still_counts(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "playlog")
    settings, secret = rig.platform.settings, rig.services.secrets.pseudonym
    account = account_of(ADA, secret)
    films = [await film(rig) for _ in range(2)]
    async with rig.client(ADA) as ada, rig.client("eve", "viewer") as eve, rig.client(None) as nobody:
        for client, stars in ((ada, 5), (eve, 2)):
            await watched_and_rated(client, films, stars)
        own, pseudonym = await own_upload(rig, ada)
        await all_counted(rig, films, nobody)

        async def introduced() -> bool:
            return len({one.place for one in await written(settings)}) >= 3  # two tables and the index

        await eventually(introduced, 60)

        async def known() -> bool:
            return set(await rows_of(rig, pseudonym)) == {"recent_watches", "viewer_ratings", "accounts"}

        await eventually(known, 60)
        before = await counts(rig), [(await nobody.get(f"/v1/videos/{video}")).json()["rating"] for video in films]
        assert [score["mean"] for score in before[1]] == [3.5, 3.5]

        gone = await ada.delete("/v1/account")
        assert gone.status_code == 202, gone.text

        async def forgotten() -> bool:
            return not await rows_of(rig, pseudonym)

        await eventually(forgotten, 60)

        async def wiped() -> bool:
            return await written(settings) == []

        await eventually(wiped, 60)
        words = (*NAMES, tokens_secret(ada), base64.b64encode(ADA.encode()).decode().rstrip("="))
        assert holding(await everything(settings), *words) == []

        async def unlinked() -> bool:
            links = [one async for one in topics(settings, "accounts", "link_account-changelog")]
            return all(one.value is None for one in holding(links, account))

        await compact_accounts(rig.services, account, unlinked)
        traces = holding(await everything(settings), account)
        assert {(one.place, one.value) for one in traces} == {("accounts", None), ("link_account-changelog", None)}
        assert holding(traces, pseudonym) == []
        assert [one async for one in topics(settings, "accounts") if one.key == account.encode()][-1].value is None

        async def forgotten_by_folds() -> bool:  # which keep only when to forget again
            kept = [one async for one in topics(settings)]
            return state_of_viewer(kept, pseudonym) == {"forget_again-changelog"}

        await eventually(forgotten_by_folds, 60)

        assert (await nobody.get(f"/v1/videos/{own}")).json()["state"] == "deleted"
        after = await counts(rig), [(await nobody.get(f"/v1/videos/{video}")).json()["rating"] for video in films]
        assert after == before
        await is_a_stranger(rig, ada, films, pseudonym)
        assert (await ada.delete("/v1/account")).status_code == 202
    assert [line for line in logged(caplog) for word in words if word in line] == []


async def written(settings: Settings) -> list[Kept]:
    """Rows and documents that hold what a person wrote about a video; topics keep it."""
    rows = [row async for row in tables(settings)]
    return holding([*rows, *[document async for document in indexes(settings)]], WRITTEN)


def state_of_viewer(kept: list[Kept], pseudonym: str) -> set[str]:
    """The changelogs whose last word under a key of the viewer's is a value."""
    last: dict[tuple[str, bytes], Kept] = {}
    for one in kept:
        if one.place.endswith("-changelog") and pseudonym.encode() in one.key:
            last[one.place, one.key] = one
    return {place for (place, _), one in last.items() if one.value is not None}


async def is_a_stranger(rig: Rig, client: httpx.AsyncClient, films: list[str], known: str) -> None:
    assert (await client.get("/v1/videos")).json() == {"videos": [], "cursor": None}
    shown: list[dict[str, Any]] = [(await client.get(f"/v1/videos/{video}")).json() for video in films]
    assert [video["my_stars"] for video in shown] == [None, None]
    _, pseudonym = await own_upload(rig, client)
    assert pseudonym != known
    assert await rows_of(rig, pseudonym) == ["accounts"]


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records]
