"""An object in parts is readable from the first part on, and is joined of the very parts that were named."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from streams.arriving import NotThere, arriving, join, part_key, remove_parts, stored_parts
from streams.held_parts import held
from streams.multipart import Multipart
from streams.objects import Blob, Objects
from streams.settings import Settings
from streams.store_errors import Changed, Missing

pytestmark = pytest.mark.asyncio(loop_scope="module")
PART = 5 << 20
BODIES = {1: b"a" * PART, 2: b"b" * PART, 3: b"c" * 1000}
SIZE = 2 * PART + 1000
ETAGS = {number: hashlib.md5(body).hexdigest() for number, body in BODIES.items()}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def objects(settings: Settings) -> AsyncIterator[Objects]:
    async with Objects(settings) as objects:
        await objects.ensure_bucket()
        yield objects
        async for unfinished in Multipart(objects).unfinished():
            await Multipart(objects).abort(unfinished.key, unfinished.upload_id)
        async for head in objects.list():
            await objects.delete(head.key)


async def given(objects: Objects, key: str, *numbers: int) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        for number in numbers:
            url = objects.sign_put(part_key(key, number), 600, {"content-length": str(len(BODIES[number]))})
            assert (await client.put(url, content=BODIES[number])).status_code == 200


async def test_what_is_there_can_be_read_and_what_is_not_says_so(objects: Objects) -> None:
    await given(objects, "sources/growing", 1, 3)
    there = held({1: ETAGS[1], 3: ETAGS[3]})
    source = await arriving(objects, "sources/growing", SIZE, PART, there)
    assert await source.read(PART - 2, 10) == b"aa"
    assert await source.read(2 * PART + 990, 100) == b"c" * 10
    with pytest.raises(NotThere) as lacking:
        await source.read(PART + 5, 10)
    assert lacking.value.offset == PART + 5


async def test_other_parts_than_those_named_are_never_read(objects: Objects) -> None:
    await given(objects, "sources/changing", 1, 2)
    named = held({1: ETAGS[1], 2: ETAGS[2]})
    source = await arriving(objects, "sources/changing", SIZE, PART, named)
    await objects.put(Blob(part_key("sources/changing", 2), b"x" * PART))
    assert await source.read(0, 1) == b"a"
    with pytest.raises(Changed):
        await source.read(PART, 1)
    with pytest.raises(Changed):
        await arriving(objects, "sources/changing", SIZE, PART, named)


async def test_the_parts_become_the_object_and_are_removed(objects: Objects) -> None:
    key = "sources/joined"
    await given(objects, key, 3, 1, 2)
    upload = await Multipart(objects).create(key, "video/mp4")
    parts = await stored_parts(objects, key)
    assert [(part.number, part.etag, part.size) for part in parts] == [(n, ETAGS[n], len(BODIES[n])) for n in (1, 2, 3)]
    await Multipart(objects).copy(key, upload, 2, part_key(key, 2), ETAGS[2])  # a first try got so far
    await join(objects, key, upload, parts)
    assert (await objects.head(key)).size == SIZE
    assert await objects.read(key, PART - 1, 2) == b"ab"
    assert await objects.read(key, 2 * PART - 1, 2) == b"bc"
    with pytest.raises(Missing):
        await join(objects, key, upload, parts)
    await remove_parts(objects, key)
    assert await stored_parts(objects, key) == []
    assert (await objects.head(key)).size == SIZE


async def test_a_part_that_was_replaced_before_the_copy_is_not_joined(objects: Objects) -> None:
    key = "sources/raced"
    await given(objects, key, 1, 2, 3)
    upload = await Multipart(objects).create(key, "video/mp4")
    parts = await stored_parts(objects, key)
    await objects.put(Blob(part_key(key, 2), b"x" * PART))
    with pytest.raises(Changed):
        await join(objects, key, upload, parts)
