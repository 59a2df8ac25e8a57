"""Multipart uploads: clients put parts through signed URLs, in any order; the store joins them once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from streams.multipart import Multipart
from streams.objects import Objects
from streams.settings import Settings
from streams.store_errors import Missing, PartsRefused

pytestmark = pytest.mark.asyncio(loop_scope="module")
PART = 5 * 1024 * 1024
BODIES = {1: b"a" * PART, 2: b"b" * PART, 3: b"c" * 1000}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def objects(settings: Settings) -> AsyncIterator[Objects]:
    async with Objects(settings) as objects:
        await objects.ensure_bucket()
        yield objects
        multipart = Multipart(objects)
        async for unfinished in multipart.unfinished():
            await multipart.abort(unfinished.key, unfinished.upload_id)
        async for head in objects.list():
            await objects.delete(head.key)


@pytest.fixture
def multipart(objects: Objects) -> Multipart:
    return Multipart(objects)


async def put(client: httpx.AsyncClient, multipart: Multipart, key: str, upload: str, number: int, body: bytes) -> str:
    answer = await client.put(multipart.sign_part(key, upload, number, 600), content=body)
    assert answer.status_code == 200, answer.text
    return answer.headers["etag"].strip('"')


async def test_parts_in_any_order_become_the_object(objects: Objects, multipart: Multipart) -> None:
    upload = await multipart.create("sources/parts", "video/mp4")
    async with httpx.AsyncClient(timeout=60) as client:
        etags = {n: await put(client, multipart, "sources/parts", upload, n, BODIES[n]) for n in (3, 1, 2, 1)}
    held = await multipart.parts("sources/parts", upload)
    assert [(p.number, p.etag, p.size) for p in held] == [(n, etags[n], len(BODIES[n])) for n in (1, 2, 3)]
    assert etags[3] == hashlib.md5(BODIES[3]).hexdigest()
    await multipart.complete("sources/parts", upload, etags.items())
    assert (await objects.head("sources/parts")).size == sum(map(len, BODIES.values()))
    assert await objects.read("sources/parts", PART - 1, 2) == b"ab"
    with pytest.raises(Missing):
        await multipart.parts("sources/parts", upload)
    with pytest.raises(Missing):
        await multipart.complete("sources/parts", upload, etags.items())
    await multipart.abort("sources/parts", upload)
    assert (await objects.head("sources/parts")).size == sum(map(len, BODIES.values()))


async def test_a_part_that_is_absent_or_another_is_refused(objects: Objects, multipart: Multipart) -> None:
    upload = await multipart.create("sources/wrong")
    async with httpx.AsyncClient(timeout=60) as client:
        etag = await put(client, multipart, "sources/wrong", upload, 1, BODIES[3])
    with pytest.raises(PartsRefused):
        await multipart.complete("sources/wrong", upload, [(1, etag), (2, "0" * 32)])
    with pytest.raises(PartsRefused):
        await multipart.complete("sources/wrong", upload, [(1, "0" * 32)])
    await multipart.complete("sources/wrong", upload, [(1, etag)])


async def test_an_aborted_upload_is_gone(multipart: Multipart) -> None:
    upload = await multipart.create("sources/aborted")
    listed = [(u.key, u.upload_id) async for u in multipart.unfinished("sources/aborted")]
    assert listed == [("sources/aborted", upload)]
    await multipart.abort("sources/aborted", upload)
    assert [u async for u in multipart.unfinished("sources/aborted")] == []
    with pytest.raises(Missing):
        await multipart.parts("sources/aborted", upload)


async def test_an_upload_without_parts_is_empty_not_missing(multipart: Multipart) -> None:
    upload = await multipart.create("sources/empty")
    assert await multipart.parts("sources/empty", upload) == []


async def test_an_expired_url_is_refused(multipart: Multipart) -> None:
    upload = await multipart.create("sources/expired")
    url = multipart.sign_part("sources/expired", upload, 1, 1)
    async with httpx.AsyncClient(timeout=60) as client:
        answer = await client.put(url, content=b"x")
        for _ in range(10):
            if answer.status_code == 403:
                break
            await asyncio.sleep(0.5)
            answer = await client.put(url, content=b"x")
    assert answer.status_code == 403


async def test_more_parts_than_a_page_holds_are_all_listed(multipart: Multipart) -> None:
    upload = await multipart.create("sources/pages")
    async with httpx.AsyncClient(timeout=60) as client:
        for number in range(1, 1103):
            await put(client, multipart, "sources/pages", upload, number, b"x")
    assert [p.number for p in await multipart.parts("sources/pages", upload)] == list(range(1, 1103))


async def begin_and_break(multipart: Multipart, key: str, upload: str, number: int) -> None:
    """Send a megabyte of a part that was announced as five, then drop the connection."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"x" * 1_000_000
        await asyncio.sleep(60)

    url = multipart.sign_part(key, upload, number, 600)
    async with httpx.AsyncClient() as client:
        sending = asyncio.create_task(client.put(url, content=pieces(), headers={"Content-Length": str(PART)}))
        await asyncio.sleep(0.5)
        sending.cancel()
        await asyncio.wait([sending])


async def test_a_part_whose_connection_broke_is_in_nobodys_way(objects: Objects, multipart: Multipart) -> None:
    upload = await multipart.create("sources/broken", "video/mp4")
    async with httpx.AsyncClient(timeout=60) as client:
        etags = {2: await put(client, multipart, "sources/broken", upload, 2, BODIES[3])}
        await begin_and_break(multipart, "sources/broken", upload, 1)
        assert [(p.number, p.size) for p in await multipart.parts("sources/broken", upload)] == [(2, len(BODIES[3]))]
        etags[1] = await put(client, multipart, "sources/broken", upload, 1, BODIES[1])
    assert [(p.number, p.etag) for p in await multipart.parts("sources/broken", upload)] == sorted(etags.items())
    await multipart.complete("sources/broken", upload, etags.items())
    assert (await objects.head("sources/broken")).size == PART + len(BODIES[3])


async def test_an_upload_with_a_broken_part_can_be_aborted(objects: Objects, multipart: Multipart) -> None:
    upload = await multipart.create("sources/dropped", "video/mp4")
    await begin_and_break(multipart, "sources/dropped", upload, 1)
    await multipart.abort("sources/dropped", upload)
    assert upload not in [unfinished.upload_id async for unfinished in multipart.unfinished("sources/dropped")]
