"""Operators put any event of the catalogue into its topic; what does not fit is refused as a whole."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from streams.positions import parse_positions
from streams.tail import Recorded, Tail
from tests.integration.gateway.conftest import Rig

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def operator(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    async with rig.client("olga", "operator") as client:
        yield client


def rated(viewer: str, stars: object = 4) -> dict[str, Any]:
    return {"type": "VideoRated", "viewer_id": viewer, "video_id": str(uuid.uuid4()), "stars": stars}


async def logged(rig: Rig, topic: str, key: str) -> list[Recorded]:
    tail = Tail(rig.platform.settings, await rig.platform.codec())
    return [recorded async for recorded in tail.history([topic], key)]


async def test_events_are_answered_with_their_positions(rig: Rig, operator: httpx.AsyncClient) -> None:
    viewer = f"acct-{uuid.uuid4().hex}"
    sent = [rated(viewer, stars) for stars in (1, 2, 3)]
    answer = await operator.post("/v1/events/ratings", json=sent)
    assert answer.status_code == 202, answer.text
    found = await logged(rig, "ratings", viewer)
    assert [str(recorded.position) for recorded in found] == answer.json()["positions"]
    assert [getattr(recorded.event, "stars", 0) for recorded in found] == [1, 2, 3]
    assert parse_positions(answer.headers["Playlog-Position"]) == [found[-1].position]


async def test_one_that_does_not_fit_keeps_all_out_and_all_that_is_wrong_is_named(
    rig: Rig, operator: httpx.AsyncClient
) -> None:
    viewer = f"acct-{uuid.uuid4().hex}"
    sent = [rated(viewer), rated(viewer, "five"), {"type": "ViewCounted"}, 7, rated(viewer) | {"extra": 1}]
    answer = await operator.post("/v1/events/ratings", json=sent)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["[1].stars", "[2].type", "[3]", "[4].extra"]
    assert await logged(rig, "ratings", viewer) == []


async def test_a_key_gives_the_same_ids_again(rig: Rig, operator: httpx.AsyncClient) -> None:
    viewer = f"acct-{uuid.uuid4().hex}"
    sent = [rated(viewer, stars) for stars in (1, 2)]
    for _ in range(2):
        headers = {"Idempotency-Key": viewer}
        assert (await operator.post("/v1/events/ratings", json=sent, headers=headers)).status_code == 202
    ids = [recorded.event.event_id for recorded in await logged(rig, "ratings", viewer) if recorded.event]
    assert ids[:2] == ids[2:]
    assert ids[0] != ids[1]


async def test_tasks_and_unknown_topics_are_not_posted_to(rig: Rig, operator: httpx.AsyncClient) -> None:
    for topic, status, code in (("nothing", 404, "unknown-topic"), ("encode-tasks", 403, "task-topic")):
        answer = await operator.post(f"/v1/events/{topic}", json=[])
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    for internal in ("count_views-changelog", "count_views-dlq", "__consumer_offsets"):
        assert (await operator.post(f"/v1/events/{internal}", json=[])).status_code == 404


async def test_only_operators_may(rig: Rig, nobody: httpx.AsyncClient) -> None:
    assert (await nobody.post("/v1/events/ratings", json=[])).status_code == 401
    async with rig.client("carl", "creator") as creator:
        assert (await creator.post("/v1/events/ratings", json=[rated("acct-1")])).status_code == 403


@pytest.mark.parametrize("body", [b"{}", b"[", b"", b"null", b"[[]]", b"\xff"])
async def test_what_is_no_array_of_events(operator: httpx.AsyncClient, body: bytes) -> None:
    answer = await operator.post("/v1/events/ratings", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text


async def test_too_many_at_once(operator: httpx.AsyncClient) -> None:
    assert (await operator.post("/v1/events/ratings", json=[rated("acct-1")] * 1001)).status_code == 413
