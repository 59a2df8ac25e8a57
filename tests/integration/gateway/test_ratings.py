"""Rating a video over HTTP: every viewer once, whatever they send and however often."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import httpx
import pytest

from tests.integration.gateway.conftest import Rig, eventually
from tests.integration.gateway.test_videos import described, shown

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def rate(client: httpx.AsyncClient, video: str, stars: int | None, key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    if stars is None:
        return await client.delete(f"/v1/videos/{video}/rating", headers=headers)
    return await client.put(f"/v1/videos/{video}/rating", json={"stars": stars}, headers=headers)


async def scored(client: httpx.AsyncClient, video: str, count: int, mean: float | None) -> None:
    """The score comes a moment after the viewer's own stars: it is counted by video."""

    async def right() -> bool:
        return (await shown(client, video, ""))["rating"] == {"count": count, "mean": mean}

    await eventually(right)


async def test_a_rating_is_its_viewers_at_once_and_the_videos_a_moment_later(
    rig: Rig, ann: httpx.AsyncClient, bob: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    video, position = await described(rig, ann, visibility="public")
    await shown(bob, video, position)
    for stars in (2, 5):
        rated = await rate(bob, video, stars)
        assert rated.status_code == 202, rated.text
        assert rated.json() == {"video_id": video, "stars": stars, "position": rated.headers["Playlog-Position"]}
        assert (await shown(bob, video, rated.json()["position"]))["my_stars"] == stars
    assert (await rate(ann, video, 4)).status_code == 202
    await scored(nobody, video, 2, 4.5)
    assert (await shown(nobody, video, ""))["my_stars"] is None
    withdrawn = await rate(bob, video, None)
    assert (withdrawn.status_code, withdrawn.json()["stars"]) == (202, None)
    assert (await shown(bob, video, withdrawn.json()["position"]))["my_stars"] is None
    await scored(nobody, video, 1, 4.0)
    await rate(ann, video, None)
    await scored(nobody, video, 0, None)


async def test_the_same_key_is_one_rating_however_late_it_comes_again(rig: Rig, ann: httpx.AsyncClient) -> None:
    video, _ = await described(rig, ann)
    for stars, key in ((5, "first"), (1, "second"), (5, "first")):
        rated = await rate(ann, video, stars, key)
        assert rated.status_code == 202, rated.text
    assert (await shown(ann, video, rated.json()["position"]))["my_stars"] == 1
    await scored(ann, video, 1, 1.0)


@pytest.mark.parametrize(
    "body",
    [
        {"stars": 0},
        {"stars": 6},
        {"stars": -1},
        {"stars": 4.5},
        {"stars": "5"},
        {"stars": None},
        {},
        {"stars": 1 << 70},
    ],
)
async def test_stars_that_can_not_be_given(rig: Rig, ann: httpx.AsyncClient, body: dict[str, Any]) -> None:
    video, _ = await described(rig, ann)
    refused = await ann.put(f"/v1/videos/{video}/rating", json=body)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["field"] == "stars"
    assert (await shown(ann, video, ""))["my_stars"] is None


async def test_only_who_may_see_a_video_rates_it(
    rig: Rig, ann: httpx.AsyncClient, bob: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    video, position = await described(rig, ann, visibility="private")
    await shown(ann, video, position)
    assert (await rate(bob, video, 5)).status_code == 403
    assert (await rate(bob, video, None)).status_code == 403
    assert (await rate(nobody, video, 5)).status_code == 401
    assert (await rate(ann, "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11", 5)).status_code == 404
    gone = await ann.delete(f"/v1/videos/{video}")
    await shown(ann, video, gone.headers["Playlog-Position"])
    assert ((await rate(ann, video, 5)).status_code, (await rate(ann, video, 5)).json()["code"]) == (410, "deleted")
    await scored(ann, video, 0, None)


async def test_many_viewers_at_once_are_counted_as_they_stand_at_last(rig: Rig, ann: httpx.AsyncClient) -> None:
    """Each sends a row of ratings and withdrawals, some of them twice under the same key."""
    video, position = await described(rig, ann, visibility="public")
    await shown(ann, video, position)
    chance = random.Random(7)
    rows = [[chance.choice([1, 2, 3, 4, 5, None]) for _ in range(chance.randrange(1, 8))] for _ in range(12)]

    async def viewer(number: int, row: list[int | None]) -> None:
        async with rig.client(f"viewer-{video}-{number}", "viewer") as client:
            for place, stars in enumerate(row):
                for _ in range(chance.choice([1, 2])):
                    answer = await rate(client, video, stars, f"{number}-{place}")
                    assert answer.status_code == 202, answer.text

    await asyncio.gather(*(viewer(number, row) for number, row in enumerate(rows)))
    last = [row[-1] for row in rows if row[-1] is not None]
    await scored(ann, video, len(last), round(sum(last) / len(last), 3))
