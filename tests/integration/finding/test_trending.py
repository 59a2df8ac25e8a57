"""What trends: the order, who may move it, and the list of any time computed from the log."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Any

import pytest

from gateway.finding.commands import moment
from gateway.finding.past import Past, trending_at
from processors.ranking.trend import Window
from schemas.videos import VideoDeleted
from tests.integration.finding.conftest import OWNER, Shelf
from tests.integration.gateway.conftest import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOUR = 3600 * 1000
LEAST = 3
WINDOWS: tuple[Window, ...] = ("1h", "24h")


async def listed(shelf: Shelf, window: Window = "24h") -> dict[str, dict[str, Any]]:
    """The list, best first, by video."""
    return {card["video_id"]: card for card in (await shelf.ask("/v1/trending", window=window, limit=50))["videos"]}


async def watched(shelf: Shelf, video: str, views: dict[str, int], ago: int = 0) -> None:
    """`views` by viewer, of sessions that began `ago` ms ago."""
    began = int(time.time() * 1000) - ago
    sessions = [(f"anon-{video}-{viewer}", began - n) for viewer, times in views.items() for n in range(times)]
    await asyncio.gather(*(shelf.watch(viewer, video, at) for viewer, at in sessions))


async def test_many_viewers_come_before_few_and_each_counts_three_times_at_most(shelf: Shelf, word: str) -> None:
    many, fans = [await shelf.put(title=f"{word} {n}") for n in range(2)]
    await watched(shelf, fans, {"a": 9, "b": 9, "c": 9})
    await watched(shelf, many, dict.fromkeys("abcdefghijkl", 1))

    async def both() -> bool:
        found = await listed(shelf)
        return {many, fans} <= set(found) and found[many]["viewers"] == 12 and found[fans]["score"] > 8.9

    await eventually(both)
    await asyncio.sleep(0.5)
    found = await listed(shelf)
    assert [video for video in found if video in (many, fans)] == [many, fans]
    assert found[many]["score"] == pytest.approx(12, abs=0.05)
    assert (found[fans]["score"], found[fans]["viewers"]) == (pytest.approx(9, abs=0.05), 3)
    assert found[many]["title"] == f"{word} 0"


async def test_two_viewers_are_not_enough_however_often_they_come(shelf: Shelf, word: str) -> None:
    few, enough = [await shelf.put(title=f"{word} {n}") for n in range(2)]
    for days_ago in (3, 2, 1, 0):
        await watched(shelf, few, {"a": 3, "b": 3}, ago=days_ago * 25 * HOUR)
    await watched(shelf, enough, {"a": 1, "b": 1, "c": 1})

    async def there() -> bool:
        return enough in await listed(shelf)

    await eventually(there)
    assert few not in await listed(shelf)
    await watched(shelf, few, {"c": 1})

    async def joined() -> bool:
        return few in await listed(shelf)

    await eventually(joined)


async def test_an_hour_s_list_forgets_sooner_than_a_day_s(shelf: Shelf, word: str) -> None:
    earlier, lately = [await shelf.put(title=f"{word} {n}") for n in range(2)]
    begun = time.time()
    await watched(shelf, earlier, dict.fromkeys("abcdefgh", 1), ago=5 * HOUR)
    await watched(shelf, lately, dict.fromkeys("abcd", 1))

    async def both() -> bool:
        found = await listed(shelf)
        return all(video in found and found[video]["viewers"] == n for video, n in ((earlier, 8), (lately, 4)))

    await eventually(both)
    assert [video for video in await listed(shelf, "24h") if video in (earlier, lately)] == [earlier, lately]
    assert [video for video in await listed(shelf, "1h") if video in (earlier, lately)] == [lately, earlier]
    for window, half_life in zip(WINDOWS, (1, 24), strict=True):
        score = (await listed(shelf, window))[earlier]["score"]
        hours = 5 + (time.time() - begun) / 3600
        assert score == pytest.approx(8 / 2 ** (hours / half_life), rel=0.02)


async def test_what_is_hidden_does_not_trend(shelf: Shelf, word: str) -> None:
    videos = [await shelf.put(title=f"{word} {n}") for n in range(3)]
    for video in videos:
        await watched(shelf, video, {"a": 1, "b": 1, "c": 1})

    async def all_there() -> bool:
        return set(videos) <= set(await listed(shelf))

    await eventually(all_there)
    await shelf.describe(videos[0], word, visibility="private")
    await shelf.describe(videos[1], word, visibility="unlisted")
    await shelf.post(VideoDeleted(video_id=videos[2], owner=OWNER))
    assert not set(videos) & set(await listed(shelf))


async def test_views_lift_a_video_among_equals_in_a_search(shelf: Shelf, word: str) -> None:
    watched_much, newer = [await shelf.put(title=word) for _ in range(2)]
    assert await shelf.found(word) == [newer, watched_much]
    await watched(shelf, watched_much, {str(n): 1 for n in range(8)})

    async def lifted() -> bool:
        return await shelf.found(word) == [watched_much, newer]

    await eventually(lifted)


async def test_the_log_gives_the_list_of_now_and_of_any_time_before(shelf: Shelf, word: str) -> None:
    first, second = [await shelf.put(title=f"{word} {n}") for n in range(2)]
    await watched(shelf, first, dict.fromkeys("abcd", 2), ago=2 * HOUR)

    async def begun() -> bool:
        found = await listed(shelf)
        return (
            first in found and found[first]["viewers"] == 4 and math.isclose(found[first]["score"], 7.5, rel_tol=0.02)
        )

    await eventually(begun)
    then = [await replayable(shelf, window) for window in WINDOWS]
    await asyncio.sleep(0.01)
    await watched(shelf, second, dict.fromkeys("abcdefg", 5))
    await shelf.describe(first, f"{word} renamed", visibility="private")

    async def changed() -> bool:
        found = await listed(shelf)
        return second in found and first not in found and math.isclose(found[second]["score"], 21, rel_tol=0.01)

    await eventually(changed)
    now = [await replayable(shelf, window) for window in WINDOWS]
    for answer in (*then, *now):
        replayed = await trending_at(shelf.rig.platform, answer["at"], answer["window"], LEAST, 50)
        assert same(replayed, answer["videos"])
    assert not same(await trending_at(shelf.rig.platform, now[1]["at"], "24h", LEAST, 50), then[1]["videos"])
    assert await trending_at(shelf.rig.platform, moment("2020-01-01"), "1h", LEAST, 50) == []


async def replayable(shelf: Shelf, window: Window) -> dict[str, Any]:
    """A list to which all has come that the log held when it was asked for, of what other tests have watched too."""
    answer: dict[str, Any] = {}

    async def whole() -> bool:
        answer.update(await shelf.ask("/v1/trending", window=window, limit=50))
        replayed = await trending_at(shelf.rig.platform, answer["at"], window, LEAST, 50)
        return same(replayed, answer["videos"])

    await eventually(whole)
    return answer


def same(replayed: list[Past], live: list[dict[str, Any]]) -> bool:
    """Whether two lists are equal, scores up to how floats are rounded."""
    return [(one.trend.video_id, one.trend.viewers, one.title) for one in replayed] == [
        (card["video_id"], card["viewers"], card["title"]) for card in live
    ] and all(math.isclose(a.trend.score, b["score"], rel_tol=1e-9) for a, b in zip(replayed, live, strict=True))
