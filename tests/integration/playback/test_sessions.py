"""Who may begin to watch what, and under which pseudonym the log knows them."""

from __future__ import annotations

import time
import uuid
from typing import Any

import httpx
import pytest

from gateway.playback.tokens import LIFETIME, Session
from schemas.videos import VideoDeleted
from tests.integration.gateway.conftest import Rig, eventually
from tests.integration.playback.conftest import film

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def begun(rig: Rig, client: httpx.AsyncClient, video: str, **body: Any) -> Session:
    answer = await client.post(f"/v1/videos/{video}/playback", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["every_ms"] == 10_000
    session = rig.services.tokens.read(answer.json()["token"])
    assert (session.session_id, session.video_id) == (answer.json()["session_id"], video)
    assert session.expires_at == answer.json()["expires_at"] // 1000 * 1000
    return session


async def test_a_session_s_id_says_when_it_began(rig: Rig, nobody: httpx.AsyncClient) -> None:
    before = time.time_ns() // 1_000_000
    session = await begun(rig, nobody, await film(rig, duration_ms=77_000))
    assert before <= session.began <= time.time_ns() // 1_000_000
    assert session.duration_ms == 77_000
    assert 0 <= session.began + LIFETIME - session.expires_at < 1000


async def test_a_visitor_is_known_again_by_a_pseudonym_that_says_nothing(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video, visitor = await film(rig), str(uuid.uuid4())
    viewers = [(await begun(rig, nobody, video, visitor=visitor)).viewer_id for _ in range(2)]
    other = (await begun(rig, nobody, video, visitor=visitor + "!")).viewer_id
    strangers = {(await begun(rig, nobody, video)).viewer_id for _ in range(2)}
    assert viewers[0] == viewers[1] != other
    assert len(strangers | {*viewers, other}) == 4
    assert all(viewer.startswith("anon-") and visitor not in viewer for viewer in viewers)


async def test_who_is_signed_in_watches_under_the_account_s(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = await film(rig)
    async with rig.client("ann", "viewer") as ann:
        viewers = {(await begun(rig, ann, video, visitor=visitor)).viewer_id for visitor in ("a", "b")}
    assert len(viewers) == 1
    assert viewers.pop().startswith("acct-")


async def test_only_what_can_be_seen_and_played_can_be_watched(rig: Rig, nobody: httpx.AsyncClient) -> None:
    async def status(video: str, client: httpx.AsyncClient = nobody) -> int:
        return (await client.post(f"/v1/videos/{video}/playback", json={})).status_code

    assert await status(str(uuid.uuid4())) == 404
    assert await status("nonsense") == 404
    assert await status(await film(rig, visibility="unlisted")) == 201
    private = await film(rig, visibility="private")
    async with rig.client("bob") as bob:
        assert [await status(private), await status(private, bob)] == [401, 403]
        assert (await nobody.get(f"/v1/videos/{private}/analytics")).status_code == 401
        assert (await bob.get(f"/v1/videos/{private}/analytics")).status_code == 403
    assert await status(await film(rig, playable=False)) == 409
    gone = await film(rig)
    await rig.services.log.post(VideoDeleted(video_id=gone, owner="acct-somebody"))

    async def deleted() -> bool:
        return await status(gone) == 410

    await eventually(deleted)


@pytest.mark.parametrize("body", [{"visitor": ""}, {"visitor": "x" * 65}, {"visitor": 7}, {"viewer_id": "acct-1"}])
async def test_a_bent_body(rig: Rig, nobody: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert (await nobody.post(f"/v1/videos/{await film(rig)}/playback", json=body)).status_code == 422


async def test_numbers_of_an_unknown_video_and_for_absurd_spans(rig: Rig, nobody: httpx.AsyncClient) -> None:
    assert (await nobody.get(f"/v1/videos/{uuid.uuid4()}/analytics")).status_code == 404
    video = await film(rig)
    for hours in ("0", "-1", "745", "x", "1e9"):
        assert (await nobody.get(f"/v1/videos/{video}/analytics", params={"hours": hours})).status_code == 422
