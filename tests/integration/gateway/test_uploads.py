"""Uploads through the gateway to the real store, and how they end."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from gateway.uploads.identity import completion_id
from schemas.uploads import CompletionRequested
from streams.objects import Blob
from tests.integration.gateway.conftest import MIB, Rig, eventually, serving, upload_is

pytestmark = pytest.mark.asyncio(loop_scope="session")
PART = 8 * MIB
BIG = 2 * PART + MIB


async def put(store: httpx.AsyncClient, url: str, body: bytes) -> str:
    answer = await store.put(url, content=body)
    assert answer.status_code == 200, answer.text
    return answer.headers["ETag"]


async def refused(store: httpx.AsyncClient, url: str, length: int) -> bool:
    """Whether the store will not have `length` bytes; it hangs up on those who go on sending after its 403."""
    try:
        return (await store.put(url, content=b"x" * length)).status_code == 403
    except httpx.TransportError:
        return True


def url_of(started: dict[str, Any], number: int) -> str:
    return next(part["url"] for part in started["upload"]["parts"] if part["number"] == number)


async def test_a_small_file_goes_in_one_put_and_is_complete(
    rig: Rig, ann: httpx.AsyncClient, store: httpx.AsyncClient
) -> None:
    started = await rig.started(ann)
    assert started["upload"]["kind"] == "put"
    await put(store, started["upload"]["url"], b"x" * 1000)
    done = await ann.post(f"/v1/uploads/{started['video_id']}/complete", json={})
    assert (done.status_code, done.json()["state"]) == (200, "completed")
    again = await ann.post(f"/v1/uploads/{started['video_id']}/complete")
    assert (again.status_code, again.json()["state"]) == (200, "completed")
    after = {"Playlog-After": done.headers["Playlog-Position"]}
    assert (await ann.get(f"/v1/uploads/{started['video_id']}", headers=after)).json()["state"] == "completed"


async def test_a_large_file_goes_in_parts_and_is_resumed_through_another_gateway(
    rig: Rig, ann: httpx.AsyncClient, store: httpx.AsyncClient
) -> None:
    started = await rig.started(ann, size=BIG)
    video, plan = started["video_id"], started["upload"]
    assert (plan["kind"], plan["part_size"], plan["part_count"]) == ("multipart", PART, 3)
    etag = await put(store, url_of(started, 1), b"a" * PART)
    reported = await ann.put(f"/v1/uploads/{video}/parts/1", json={"etag": etag})
    assert reported.status_code == 202
    headers = {"Authorization": ann.headers["Authorization"], "Playlog-After": started["position"]}
    async with serving(rig.platform) as other, httpx.AsyncClient(base_url=other.address, headers=headers) as resumed:
        status = (await resumed.get(f"/v1/uploads/{video}")).json()
        assert [(part["number"], part["size"]) for part in status["parts"]] == [(1, PART)]
        fresh = (await resumed.post(f"/v1/uploads/{video}/parts", json={"numbers": [2, 3]})).json()["parts"]
        sizes = {2: PART, 3: MIB}
        for part in fresh:
            await put(store, part["url"], b"b" * sizes[part["number"]])
        done = await resumed.post(f"/v1/uploads/{video}/complete", json={"parts": []}, timeout=60)
        assert done.json()["state"] == "completed", done.text


async def test_a_missing_part_is_named_and_the_upload_goes_on(
    rig: Rig, ann: httpx.AsyncClient, store: httpx.AsyncClient
) -> None:
    started = await rig.started(ann, size=BIG)
    path = f"/v1/uploads/{started['video_id']}/complete"
    etags = {n: await put(store, url_of(started, n), b"x" * size) for n, size in ((1, PART), (3, MIB))}
    refused = await ann.post(path, json={"parts": [{"number": n, "etag": etag} for n, etag in etags.items()]})
    assert refused.status_code == 422
    assert "part 2 is not in the store" in refused.json()["detail"]
    etags[2] = await put(store, url_of(started, 2), b"x" * PART)
    wrong = [{"number": n, "etag": "0" * 32 if n == 2 else etag} for n, etag in etags.items()]
    assert "another ETag" in (await ann.post(path, json={"parts": wrong})).json()["detail"]
    right = [{"number": n, "etag": etag} for n, etag in etags.items()]
    assert (await ann.post(path, json={"parts": right})).json()["state"] == "completed"


@pytest.mark.parametrize("size", [1000, BIG])
async def test_the_store_takes_no_more_and_no_less_than_was_announced(
    rig: Rig, ann: httpx.AsyncClient, store: httpx.AsyncClient, size: int
) -> None:
    started = await rig.started(ann, size=size)
    path, plan = f"/v1/uploads/{started['video_id']}", started["upload"]
    first, whole = (plan["url"], size) if size == 1000 else (url_of(started, 1), PART)
    again = (await ann.post(f"{path}/parts", json={"numbers": [1]})).json()["parts"][0]["url"]
    for url in (first, again):
        for length in (0, 1, whole - 1, whole + 1, 3 * whole):
            assert await refused(store, url, length), length
    assert (await ann.get(path)).json()["parts"] == []
    answer = await store.put(first, content=b"x" * whole, headers={"Content-Type": "video/mp4"})
    assert answer.status_code == 200, answer.text
    if size == BIG:
        assert await refused(store, url_of(started, 3), PART)
        await put(store, url_of(started, 3), b"x" * MIB)


async def test_a_file_of_another_size_is_refused(rig: Rig, ann: httpx.AsyncClient) -> None:
    started = await rig.started(ann)
    await rig.services.objects.put(Blob(f"sources/{started['video_id']}", b"x" * 999))
    refused = await ann.post(f"/v1/uploads/{started['video_id']}/complete", json={})
    assert refused.status_code == 422
    assert "999 bytes" in refused.json()["detail"]


async def test_completing_many_times_at_once_is_completing_once(
    rig: Rig, ann: httpx.AsyncClient, store: httpx.AsyncClient
) -> None:
    started = await rig.started(ann, size=BIG)
    for number, size in ((1, PART), (2, PART), (3, MIB)):
        await put(store, url_of(started, number), b"x" * size)
    path = f"/v1/uploads/{started['video_id']}/complete"
    answers = await asyncio.gather(*(ann.post(path, json={}) for _ in range(5)))
    assert {(answer.status_code, answer.json()["state"]) for answer in answers} == {(200, "completed")}
    told: list[str] = []

    async def completed() -> bool:
        answer = await ann.get(f"/v1/videos/{started['video_id']}/timeline")
        told[:] = [event["type"] for event in answer.json()["events"]]
        return "UploadCompleted" in told

    await eventually(completed)
    assert told.count("UploadCompleted") == 1


async def test_after_a_refusal_the_same_key_completes_what_was_mended(
    rig: Rig, ann: httpx.AsyncClient, store: httpx.AsyncClient
) -> None:
    started = await rig.started(ann)
    video, key = started["video_id"], "complete-1"
    owner = (await ann.get(f"/v1/videos/{video}")).json()["owner"]
    asked = completion_id(video, owner, key, None)
    position = await rig.services.log.post(CompletionRequested(event_id=asked, video_id=video, parts=()))

    async def refused_for_nothing() -> bool:
        status = await ann.get(f"/v1/uploads/{video}", headers={"Playlog-After": str(position)})
        return (status.json()["state"], status.json()["code"]) == ("open", "nothing_stored")

    await eventually(refused_for_nothing)
    await put(store, started["upload"]["url"], b"x" * 1000)
    for _ in range(2):
        done = await ann.post(f"/v1/uploads/{video}/complete", json={}, headers={"Idempotency-Key": key})
        assert (done.status_code, done.json()["state"]) == (200, "completed")


async def test_an_aborted_upload_frees_its_parts_and_can_not_be_completed(
    rig: Rig, ann: httpx.AsyncClient, store: httpx.AsyncClient
) -> None:
    started = await rig.started(ann, size=BIG)
    path = f"/v1/uploads/{started['video_id']}"
    await put(store, url_of(started, 1), b"x" * PART)
    aborted = await ann.delete(path)
    assert (aborted.status_code, aborted.json()["state"]) == (200, "aborted")
    await upload_is(ann, started["video_id"], "aborted")
    for answer in (
        await ann.post(f"{path}/complete", json={}),
        await ann.post(f"{path}/parts", json={"numbers": [1]}),
        await ann.put(f"{path}/parts/1", json={"etag": "e"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "upload_aborted")
    assert (await ann.delete(path)).json()["state"] == "aborted"

    async def freed() -> bool:
        unfinished = rig.services.multipart.unfinished("sources/")
        return f"sources/{started['video_id']}" not in [upload.key async for upload in unfinished]

    await eventually(freed)


async def test_a_completed_upload_can_not_be_aborted(
    rig: Rig, ann: httpx.AsyncClient, store: httpx.AsyncClient
) -> None:
    started = await rig.started(ann)
    await put(store, started["upload"]["url"], b"x" * 1000)
    assert (await ann.post(f"/v1/uploads/{started['video_id']}/complete", json={})).status_code == 200
    refused = await ann.delete(f"/v1/uploads/{started['video_id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "upload_completed")


async def test_an_upload_is_its_owners(
    rig: Rig, ann: httpx.AsyncClient, bob: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    path = f"/v1/uploads/{(await rig.started(ann))['video_id']}"
    calls: list[tuple[str, str, Any]] = [
        ("GET", path, None),
        ("DELETE", path, None),
        ("POST", f"{path}/complete", {}),
        ("POST", f"{path}/parts", {"numbers": [1]}),
        ("PUT", f"{path}/parts/1", {"etag": "e"}),
    ]
    for method, url, body in calls:
        assert (await bob.request(method, url, json=body)).status_code == 403, url
        assert (await nobody.request(method, url, json=body)).status_code == 401, url
    async with rig.client("vic", "viewer") as viewer:
        assert (await viewer.post("/v1/uploads", json={})).status_code == 403
    async with rig.client("op", "operator") as operator:
        assert (await operator.get(path)).status_code == 200


@pytest.mark.parametrize("video", ["0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11", "nonsense", "0192F0C1-7A00"])
async def test_an_unknown_upload_is_not_found(ann: httpx.AsyncClient, video: str) -> None:
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/complete")):
        answer = await ann.request(method, f"/v1/uploads/{video}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
