"""Views and minutes are exact, whatever players do; held against a count of the log without the engine."""

from __future__ import annotations

import asyncio
import random
import time

import httpx
import pytest

from processors.playback.recount import Counts
from streams.event import hours, minutes
from tests.integration.gateway.conftest import Rig
from tests.integration.playback.conftest import Player, analytics, counted, film, settled, told

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_session_that_watches_is_a_view(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = await film(rig)
    assert (await analytics(nobody, video))["views"] == 0
    player = await Player.of(nobody, video)
    answer = await player.tell(10_000)
    assert answer["accepted"] == 1
    wanted = await counted(rig, video)
    assert (wanted.views, wanted.watched_ms) == (1, 10_000)
    await settled(rig, nobody, video, wanted)
    assert (await nobody.get(f"/v1/videos/{video}")).json()["views"] == 1


async def test_less_is_no_view_but_is_watched(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = await film(rig)
    await (await Player.of(nobody, video)).tell(4_000, 5_999)
    wanted = await counted(rig, video)
    assert (wanted.views, wanted.watched_ms, wanted.stalled_ms) == (0, 9_999, 14)
    await settled(rig, nobody, video, wanted)


async def test_a_third_of_a_short_film_is_a_view(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = await film(rig, duration_ms=20_000)
    await (await Player.of(nobody, video)).tell(5_999)
    await (await Player.of(nobody, video)).tell(6_000)
    wanted = await counted(rig, video)
    assert (wanted.views, wanted.watched_ms) == (1, 11_999)
    await settled(rig, nobody, video, wanted)


async def test_minutes_are_there_for_who_posted_them(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = await film(rig)
    player = await Player.of(nobody, video)
    for _ in range(5):
        before = await analytics(nobody, video)
        posted = await player.send(player.watch(10_000))
        after = await analytics(nobody, video, posted.headers["Playlog-Position"])
        assert after["watched_ms"] == before["watched_ms"] + 10_000


async def test_hours_and_minutes_are_all_listed(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = await film(rig)
    numbers = (await nobody.get(f"/v1/videos/{video}/analytics", params={"hours": 3})).json()
    now = time.time_ns() // 1_000_000
    assert [h["at"] for h in numbers["hours"]] == [now // hours(1) * hours(1) - back * hours(1) for back in (2, 1, 0)]
    assert len(numbers["minutes"]) == 60
    assert numbers["minutes"][-1]["at"] - numbers["minutes"][0]["at"] == 59 * minutes(1)
    assert numbers["ratings"] == {"count": 0, "mean": None}


async def test_everything_twice_late_and_out_of_order_counts_once(rig: Rig, nobody: httpx.AsyncClient) -> None:
    """Thirty players over three films, each of another habit; the truth is what they made, not what they sent."""
    chance = random.Random(7)
    films = [await film(rig, duration_ms=duration) for duration in (600_000, 20_000, 0)]
    wanted = {video: Counts() for video in films}
    players = [await Player.of(nobody, films[number % 3], f"visitor-{number % 11}") for number in range(30)]
    for number, player in enumerate(players):
        made = player.watch(*(chance.choice([0, 500, 4_000, 10_000]) for _ in range(chance.randint(1, 12))))
        for beacon in made:
            beacon["position_ms"] = min(beacon["position_ms"], 20_000)
        _add(wanted[films[number % 3]], player, films[number % 3] == films[1])
    await asyncio.gather(*(_sent(chance, player) for player in players))
    for video in films:
        assert told(await counted(rig, video)) == told(wanted[video])
        await settled(rig, nobody, video, wanted[video])


async def _sent(chance: random.Random, player: Player) -> None:
    """All of a player's beacons: in another order, in several requests, some of them again at the end."""
    beacons = player.made * 2
    chance.shuffle(beacons)
    while beacons:
        cut = chance.randint(1, 5)
        batch, beacons = beacons[:cut], beacons[cut:]
        assert (await player.send(batch)).json()["accepted"] == len(batch)
        await asyncio.sleep(chance.random() / 20)
    assert (await player.send(player.made)).status_code == 202


def _add(wanted: Counts, player: Player, short: bool) -> None:
    """What the player's beacons come to, said without the platform's own functions."""
    total = sum(beacon["advanced_ms"] for beacon in player.made)
    wanted.watched_ms += total
    wanted.stalled_ms += sum(beacon["stalled_ms"] for beacon in player.made)
    for beacon in player.made:
        wanted.watched_by_hour[beacon["at"] // 3_600_000 * 3_600_000] += beacon["advanced_ms"]
        wanted.watched_by_minute[beacon["at"] // 60_000 * 60_000] += beacon["advanced_ms"]
    if total >= (6_000 if short else 10_000):
        wanted.views += 1
        wanted.views_by_hour[player.began // 3_600_000 * 3_600_000] += 1
