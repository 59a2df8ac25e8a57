"""Recommendations on the real servers: watches posted, then what is answered, why, and what the log says was shown."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from itertools import permutations

import httpx
import pytest
import pytest_asyncio

from gateway.recommending.gathering import watched_together
from processors.ranking.decay import DAY_RATE, weight
from schemas.trends import TrendScored
from schemas.videos import VideoDeleted
from schemas.watches import VideoWatched
from streams.platform import Platform
from tests.integration.gateway.conftest import Rig, eventually
from tests.integration.gateway.shelves_rig import (
    OWNER,
    Shelves,
    described,
    ids,
    published,
    recommenders,
    uuid7,
    watched,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def at_work(declared: Platform) -> AsyncIterator[None]:
    async with recommenders(declared):
        yield


@pytest.fixture
def shelves(rig: Rig, at_work: None) -> Shelves:
    return Shelves(rig)


async def test_what_others_watched_too_comes_first_and_says_why(shelves: Shelves) -> None:
    one, both, other = await shelves.videos(3)
    await shelves.watched_by_many(one, both)
    await shelves.watched_by_many(one, other, viewers=1)

    async def found() -> bool:
        listed = await shelves.next(one)
        told = [(video["views"], video["reason"]["code"]) for video in listed[:1]]
        return ids(listed)[:2] == [both, other] and told == [(3, "watched_together")]

    await eventually(found)
    first = (await shelves.next(one))[0]
    assert first["reason"]["because"] == {"video_id": one, "title": one[::-1]}
    assert one[::-1] in first["reason"]["text"]
    assert (first["title"], first["watch"], first["duration_ms"]) == (both[::-1], f"/watch/{both}", 60_000)
    assert one not in ids(await shelves.next(one, limit=50))


async def test_the_counts_are_those_of_a_set(shelves: Shelves) -> None:
    """Every watch twice, in any order, of many viewers at once."""
    chance, made = random.Random(7), await shelves.videos(8)
    seen = {f"anon-{uuid.uuid4().hex}": set(chance.sample(made, chance.randint(1, 8))) for _ in range(30)}
    log = [event for viewer, videos in seen.items() for video in videos for event in watched(viewer, video)]
    log = 2 * [event for event in log if isinstance(event, VideoWatched)]
    chance.shuffle(log)
    await shelves.post(*log)
    truth = Counter(pair for videos in seen.values() for pair in permutations(videos, 2))

    async def so() -> bool:
        found = await watched_together(shelves.rig.services.rows, made)
        return {(one, other): n for one, others in found.items() for other, n in others.items()} == truth

    await eventually(so)


async def test_a_watch_changes_the_next_answer(shelves: Shelves) -> None:
    one, other = await shelves.videos(2)
    viewer, visitor = f"anon-{uuid.uuid4().hex}", uuid.uuid4().hex
    await shelves.watch(viewer, one)
    await shelves.watch(shelves.viewer(visitor), one)
    await shelves.home(visitor=visitor)
    await shelves.watch(viewer, other)

    async def so() -> bool:
        lists = (await shelves.next(one), await shelves.home(visitor=visitor))
        wanted = (other, "watched_together")
        return all(wanted in [(video["video_id"], video["reason"]["code"]) for video in listed] for listed in lists)

    await eventually(so)


async def test_what_was_watched_or_rated_down_is_left_out(rig: Rig, shelves: Shelves, ann: httpx.AsyncClient) -> None:
    one, two, three = await shelves.videos(3)
    await shelves.watched_by_many(one, two, three)

    async def all_there() -> bool:
        return {two, three} <= set(ids(await shelves.next(one, ann)))

    await eventually(all_there)

    async def offered() -> list[bool]:
        return [two in ids(listed) for listed in (await shelves.next(one, ann), await shelves.home(ann, limit=50))]

    async def offered_again() -> bool:
        return all(await offered())

    for stars, there in ((2, False), (3, True), (1, False)):
        rated = await ann.put(f"/v1/videos/{two}/rating", json={"stars": stars})
        shelves.last["ratings"] = rated.json()["position"]
        if there:
            await eventually(offered_again)
        else:
            assert await offered() == [False, False]
    visitor = uuid.uuid4().hex
    await shelves.watch(shelves.viewer(visitor), three)
    assert three not in ids(await shelves.next(one, visitor=visitor))
    assert three not in ids(await shelves.home(visitor=visitor, limit=50))
    assert three in ids(await shelves.next(one))


async def test_a_loved_video_leads_to_what_is_like_it(shelves: Shelves, ann: httpx.AsyncClient) -> None:
    word = uuid.uuid4().hex
    loved, like = await shelves.videos(2, tags=(word, "lighthouse"), category=word, title=f"Lighthouse {word}")
    await shelves.get("/v1/search", q=word)  # makes what was posted findable
    rated = await ann.put(f"/v1/videos/{loved}/rating", json={"stars": 5})
    shelves.last["ratings"] = rated.json()["position"]

    async def so() -> bool:
        firsts = [video for listed in (await shelves.home(ann), await shelves.next(loved)) for video in listed[:1]]
        because = [(first["reason"]["code"], first["reason"]["because"]) for first in firsts]
        wanted = ("similar", {"video_id": loved, "title": f"Lighthouse {word}"})
        return [first["video_id"] for first in firsts] == [like] * 2 and because == [wanted] * 2

    await eventually(so)


async def test_nobody_known_gets_what_trends_then_what_is_new(shelves: Shelves) -> None:
    now = time.time_ns() // 1_000_000
    hot, hotter, few = await shelves.videos(3)
    for video, votes, viewers in ((hot, 5, 5), (hotter, 6, 5), (few, 9, 1)):
        log = weight(DAY_RATE, now) + votes / 10
        scored = TrendScored(
            video_id=video, hour_log=log, day_log=log, viewers_log=log, votes=votes, viewers_at=(now,) * viewers
        )
        await shelves.post(scored)
    (new,) = await shelves.videos(1)

    async def in_order() -> bool:
        listed = await shelves.home(limit=50)
        codes = [video["reason"]["code"] for video in listed]
        return ids(listed)[:2] == [hotter, hot] and codes[:2] == ["trending"] * 2 and {new, few} <= set(ids(listed))

    await eventually(in_order)
    listed = await shelves.home(limit=50)
    assert {video["reason"]["code"] for video in listed[2:]} == {"newest"}
    assert ids(await shelves.home(visitor="somebody who has watched nothing", limit=50)) == ids(listed)


async def test_what_not_everybody_may_find_is_never_recommended(shelves: Shelves) -> None:
    one, hidden, unlisted, gone, shown = await shelves.videos(5)
    unpublished = uuid7()
    await shelves.post(described(unpublished))
    everything = (one, hidden, unlisted, gone, unpublished, shown)
    await shelves.watched_by_many(*everything)

    async def all_there() -> bool:
        return {hidden, unlisted, gone, shown} <= set(ids(await shelves.next(one)))

    await eventually(all_there)
    await shelves.post(
        described(hidden, visibility="private"), described(unlisted, visibility="unlisted"),
        VideoDeleted(video_id=gone, owner=OWNER),
    )  # fmt: skip
    for listed in (await shelves.next(one), await shelves.home(limit=50)):
        assert not {hidden, unlisted, gone, unpublished} & set(ids(listed))
    assert shown in ids(await shelves.next(one))
    await shelves.post(published(unpublished))
    assert unpublished in ids(await shelves.next(one))


async def test_a_hidden_video_is_not_named_as_the_reason(shelves: Shelves) -> None:
    secret, like = await shelves.videos(2)
    await shelves.watched_by_many(secret, like)
    visitor = uuid.uuid4().hex
    await shelves.watch(shelves.viewer(visitor), secret)

    async def because_of_it() -> bool:
        listed = (await shelves.home(visitor=visitor))[:1]
        return [bool(first["reason"]["because"]) and first["video_id"] == like for first in listed] == [True]

    await eventually(because_of_it)
    await shelves.post(described(secret, visibility="private", title="Nobody's business"))
    first = (await shelves.home(visitor=visitor))[0]
    assert (first["video_id"], first["reason"]["because"]) == (like, None)
    assert "business" not in str(first)
    assert (await shelves.rig.client(None).get(f"/v1/videos/{secret}/next", headers=shelves.after)).status_code == 401


async def test_a_list_is_as_long_as_asked_for_and_of_distinct_videos(shelves: Shelves) -> None:
    made = await shelves.videos(20)
    await shelves.watched_by_many(*made, viewers=1)
    for limit in (1, 7, 15):

        async def full(limit: int = limit) -> bool:
            listed = ids(await shelves.next(made[0], limit=limit))
            return len(listed) == limit == len(set(listed))

        await eventually(full)
