"""What is shown is logged; what is asked wrongly is refused; a server that is away costs only what it alone knows."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from prometheus_client import REGISTRY

from gateway.recommending.popular import FRESH
from processors.ranking.recommend import MODEL
from schemas.impressions import RecommendationsShown
from streams.log import Log
from streams.platform import Platform
from streams.tail import Tail
from tests.integration.gateway.conftest import Rig, eventually, serving
from tests.integration.gateway.shelves_rig import Shelves, ids, recommenders
from tests.integration.gateway.test_bad_requests import is_problem
from tests.integration.gateway.test_outages import QUICK, is_outage, wired

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def at_work(declared: Platform) -> AsyncIterator[None]:
    async with recommenders(declared):
        yield


@pytest.fixture
def shelves(rig: Rig, at_work: None) -> Shelves:
    return Shelves(rig)


async def impressions(platform: Platform) -> dict[str, RecommendationsShown]:
    """All in the log, by request."""
    found: dict[str, RecommendationsShown] = {}
    async for recorded in Tail(platform.settings, await platform.codec()).until_now(["impressions"]):
        assert isinstance(recorded.event, RecommendationsShown)
        assert recorded.event.request_id not in found
        found[recorded.event.request_id] = recorded.event
    return found


async def logged(platform: Platform, *requests: str) -> dict[str, RecommendationsShown]:
    """All in the log, once those of these requests are: an answer waits for its impression for a moment only."""
    found: dict[str, RecommendationsShown] = {}

    async def there() -> bool:
        found.update(await impressions(platform))
        return set(requests) <= set(found)

    await eventually(there)
    return found


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def without(source: str) -> float:
    return counted("playlog_gateway_recommending_without_total", source=source)


def told(answer: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [
        (video["video_id"], video["reason"]["code"], (video["reason"]["because"] or {}).get("video_id"))
        for video in answer["videos"]
    ]


async def test_what_was_shown_is_in_the_log_as_it_was_answered(rig: Rig, shelves: Shelves) -> None:
    made = await shelves.videos(5)
    await shelves.watched_by_many(*made)
    subject, visitor = f"zoe-{uuid.uuid4()}", uuid.uuid4().hex
    async with rig.client(subject) as zoe:
        answers = [
            await shelves.get(f"/v1/videos/{made[0]}/next", zoe), await shelves.get("/v1/recommendations", zoe),
            await shelves.get("/v1/recommendations", visitor=visitor), await shelves.get("/v1/recommendations"),
        ]  # fmt: skip
        await zoe.head(f"/v1/videos/{made[0]}/next")
    found = await logged(rig.platform, *(answer["request_id"] for answer in answers))
    shown = [found[answer["request_id"]] for answer in answers]
    for event, answer in zip(shown, answers, strict=True):
        assert [(slot.video_id, slot.reason, slot.because) for slot in event.slots] == told(answer)
        assert {slot.propensity for slot in event.slots} == {1.0}
        assert event.model == MODEL
    assert [(event.surface, event.video_id) for event in shown] == [("next", made[0]), *[("home", None)] * 3]
    viewers = [event.viewer_id for event in shown]
    assert viewers[0] == viewers[1] != viewers[3] != viewers[2] == shelves.viewer(visitor)
    assert [viewer.partition("-")[0] for viewer in viewers] == ["acct", "acct", "anon", "anon"]
    assert sum(event.viewer_id == viewers[0] for event in found.values()) == 2
    assert not any(visitor in str(event) or subject in str(event) for event in found.values())


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"), ("limit=51", "limit"), ("limit=-1", "limit"), ("limit=x", "limit"),
        ("limit=1e9", "limit"), ("limit=" + "9" * 22, "limit"), ("visitor=", "visitor"),
        ("visitor=" + "v" * 65, "visitor"),
    ],
)  # fmt: skip
async def test_what_can_not_be_asked_is_named(shelves: Shelves, query: str, field: str) -> None:
    (video,) = await shelves.videos(1)
    async with shelves.rig.client(None) as nobody:
        for path in ("/v1/recommendations", f"/v1/videos/{video}/next"):
            problem = is_problem(await nobody.get(f"{path}?{query}", headers=shelves.after), 422)
            assert field in str(problem["errors"])


@pytest.mark.parametrize("video", ["x", "..", "%00", "' OR 1=1", "0" * 36, str(uuid.uuid4()), "a" * 5000])
async def test_nothing_follows_a_video_that_does_not_exist(nobody: httpx.AsyncClient, video: str) -> None:
    is_problem(await nobody.get(f"/v1/videos/{video}/next"), 404)


@pytest.mark.parametrize(
    "visitor", ["%00", "%ff%fe", "%F0%9F%8E%AC", "*", "a%20b", "%22}]}", "acct-0", "anon-0", "../..", "\\u0000"]
)
async def test_any_visitor_string_is_somebody(nobody: httpx.AsyncClient, visitor: str) -> None:
    answer = await nobody.get(f"/v1/recommendations?visitor={visitor}")
    assert answer.status_code == 200, answer.text


async def test_a_visitor_string_gives_nobody_an_accounts_recommendations(rig: Rig, shelves: Shelves) -> None:
    one, other = await shelves.videos(2)
    subject = f"eve-{uuid.uuid4()}"
    async with rig.client(subject) as eve:
        asked = (await shelves.get("/v1/recommendations", eve))["request_id"]
        account = (await logged(rig.platform, asked))[asked].viewer_id
        await shelves.watch(account, one)
        assert one not in ids(await shelves.home(eve, limit=50))
        assert one not in ids(await shelves.home(eve, limit=50, visitor="another"))
    for visitor in (subject, account[:64]):

        async def both(visitor: str = visitor) -> bool:
            return {one, other} <= set(ids(await shelves.home(visitor=visitor[:64], limit=50)))

        await eventually(both)


async def test_without_the_search_engine_co_watches_and_what_was_known_last_remain(rig: Rig, shelves: Shelves) -> None:
    one, other = await shelves.videos(2)
    await shelves.watched_by_many(one, other)

    async def together() -> bool:
        return other in ids(await shelves.next(one))

    await eventually(together)
    settings = rig.platform.settings
    async with wired(urlsplit(settings.opensearch).netloc) as (wire, address):
        platform = replace(rig.platform, settings=replace(settings, opensearch=f"http://{address}"))
        async with serving(platform, QUICK) as gateway, gateway.client(None) as nobody:
            known = (await nobody.get("/v1/recommendations?limit=50")).json()["videos"]
            await asyncio.sleep(FRESH)
            wire.cut()
            away = [without("alike"), without("popular")]
            answer = await nobody.get(f"/v1/videos/{one}/next")
            assert answer.status_code == 200, answer.text
            assert answer.json()["videos"][0]["video_id"] == other
            assert [without("alike"), without("popular")] == [before + 1 for before in away]
            cold = (await nobody.get("/v1/recommendations?limit=50")).json()["videos"]
            assert ids(cold) == ids(known)


async def test_without_the_tables_it_is_an_outage(rig: Rig, shelves: Shelves) -> None:
    (video,) = await shelves.videos(1)
    await shelves.home()
    settings = rig.platform.settings
    async with wired(settings.cassandra) as (wire, address):
        platform = replace(rig.platform, settings=replace(settings, cassandra=address))
        async with serving(platform, QUICK) as gateway, gateway.client(None) as nobody:
            wire.cut()
            is_outage(await nobody.get(f"/v1/videos/{video}/next"))
            is_outage(await nobody.get("/v1/recommendations?visitor=v"))


async def test_an_answer_is_given_though_the_log_takes_no_impression(rig: Rig, shelves: Shelves) -> None:
    await shelves.videos(1)

    async def listed() -> bool:
        return bool(await shelves.home())

    await eventually(listed)
    shown, lost = rig.services.impressions, counted("playlog_gateway_impressions_lost_total")
    codec = await rig.platform.codec()
    well = shown.log
    async with Log(rig.platform.settings, rig.platform.catalogue, codec, patience=0) as impatient:
        shown.log = impatient
        try:
            assert await shelves.home()
        finally:
            shown.log = well

        async def given_up() -> bool:  # the answer waits for its impression for a moment only
            return counted("playlog_gateway_impressions_lost_total") == lost + 1

        await eventually(given_up)


async def test_a_flood_is_held_back_and_nobody_else_is(rig: Rig, shelves: Shelves) -> None:
    one, another = {"X-Forwarded-For": "10.0.0.1"}, {"X-Forwarded-For": "10.0.0.2"}
    options = replace(QUICK, lists_per_address=1, proxies=1)
    async with serving(rig.platform, options) as gateway, gateway.client(None) as client:
        flood = await asyncio.gather(*(client.get("/v1/recommendations", headers=one) for _ in range(40)))
        other = await client.get("/v1/recommendations", headers=another)
        search = await client.get("/v1/search?q=a", headers=one)
    assert {answer.status_code for answer in flood} == {200, 429}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in flood if answer.status_code == 429)
    assert (other.status_code, search.status_code) == (200, 200)
