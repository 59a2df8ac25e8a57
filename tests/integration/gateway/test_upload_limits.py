"""Repeated announcements, and how much one owner may have unfinished."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest

from gateway.uploads import known
from tests.integration.gateway.conftest import MIB, OPTIONS, Rig, serving, upload_is

pytestmark = pytest.mark.asyncio(loop_scope="session")
BIG = 17 * MIB  # beyond one PUT


@pytest.mark.parametrize("size", [1000, BIG])
async def test_the_same_key_is_the_same_upload(
    rig: Rig, ann: httpx.AsyncClient, bob: httpx.AsyncClient, size: int
) -> None:
    body = {"filename": "a.mp4", "size": size, "content_type": "video/mp4"}
    headers = {"Idempotency-Key": "k-1"}
    answers = await asyncio.gather(*(ann.post("/v1/uploads", json=body, headers=headers) for _ in range(4)))
    assert {a.status_code for a in answers} == {201}
    (video,) = {a.json()["video_id"] for a in answers}
    async with serving(rig.platform) as other:
        url = f"{other.address}/v1/uploads"
        after = {**headers, "Playlog-After": next(p for a in answers if (p := a.json()["position"]))}
        assert (await ann.post(url, json=body, headers=after)).json()["video_id"] == video
    reused = await ann.post("/v1/uploads", json={**body, "size": size + 1}, headers=headers)
    assert (reused.status_code, reused.json()["code"]) == (422, "key-reused")
    assert (await bob.post("/v1/uploads", json=body, headers=headers)).json()["video_id"] != video


async def test_unfinished_uploads_are_limited(rig: Rig, ann: httpx.AsyncClient) -> None:
    narrow = replace(OPTIONS, open_uploads=2, open_bytes=10_000)
    async with serving(rig.platform, narrow) as gateway:
        ann.base_url = httpx.URL(gateway.address)
        first, _ = await rig.started(ann), await rig.started(ann)
        body = {"filename": "a.mp4", "size": 5, "content_type": "video/mp4"}
        refused = await ann.post("/v1/uploads", json=body)
        assert (refused.status_code, refused.json()["code"]) == (429, "quota")
        assert int(refused.headers["Retry-After"]) > 0
        aborted = await ann.delete(f"/v1/uploads/{first['video_id']}")
        assert (aborted.status_code, aborted.json()["state"]) == (200, "aborted")
        await upload_is(ann, first["video_id"], "aborted")
        assert (await ann.post("/v1/uploads", json={**body, "size": 9_999})).status_code == 429
        assert (await ann.post("/v1/uploads", json=body)).status_code == 201


async def test_an_owners_uploads_count_beyond_the_first_page(
    rig: Rig, ann: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"filename": "a.mp4", "size": 5, "content_type": "video/mp4"}
    answers = [await ann.post("/v1/uploads", json=body, headers={"Idempotency-Key": f"k-{n}"}) for n in range(5)]
    after = {"Playlog-After": ",".join(answer.json()["position"] for answer in answers)}
    monkeypatch.setattr(known, "PAGE", 2)
    async with serving(rig.platform, replace(OPTIONS, open_uploads=5)) as other:
        ann.base_url = httpx.URL(other.address)
        again = await ann.post("/v1/uploads", json=body, headers={**after, "Idempotency-Key": "k-4"})
        assert (again.status_code, again.json()["video_id"]) == (201, answers[4].json()["video_id"])
        assert (await ann.post("/v1/uploads", json=body, headers=after)).json()["code"] == "quota"
