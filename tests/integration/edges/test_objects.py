"""Objects in the store: what is put is read back, whole, in ranges and as HTTP answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from streams.object_streams import stream
from streams.objects import Blob, Objects
from streams.settings import Settings
from streams.store_errors import Changed, Missing, StoreDown, StoreRefused

pytestmark = pytest.mark.asyncio(loop_scope="module")
BODY = bytes(range(256)) * 4096  # 1 MiB


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def objects(settings: Settings) -> AsyncIterator[Objects]:
    async with Objects(settings) as objects:
        await objects.ensure_bucket()
        await objects.ensure_bucket()
        await objects.put(Blob("segments/v/720p/a.m4s", BODY, "video/iso.segment", "max-age=9, immutable"))
        yield objects
        async for head in objects.list():
            await objects.delete(head.key)


async def answer(objects: Objects, key: str, wanted: str | None = None) -> tuple[int, dict[str, str], bytes]:
    async with stream(objects, key, wanted) as found:
        return found.status, dict(found.headers), b"".join([piece async for piece in found.pieces])


async def test_an_object_comes_back_whole_and_in_ranges(objects: Objects) -> None:
    assert await objects.get("segments/v/720p/a.m4s") == BODY
    source = await objects.source("segments/v/720p/a.m4s")
    assert source.size == len(BODY)
    assert await source.read(1000, 10) == BODY[1000:1010]
    assert await source.read(len(BODY) - 5, 100) == BODY[-5:]
    assert await source.read(len(BODY), 100) == b""


async def test_a_verified_source_is_read_only_while_it_is_the_same_object(objects: Objects) -> None:
    etag = await objects.put(Blob("sources/v", b"verified"))
    source = await objects.source("sources/v", etag)
    assert await source.read(2, 4) == b"rifi"
    await objects.put(Blob("sources/v", b"replaced"))
    with pytest.raises(Changed, match="sources/v: "):
        await source.read(0, 4)
    with pytest.raises(Changed, match=f"{etag} was verified"):
        await objects.source("sources/v", etag)
    assert await (await objects.source("sources/v")).read(0, 8) == b"replaced"


async def test_what_the_store_knows_of_it(objects: Objects) -> None:
    head = await objects.head("segments/v/720p/a.m4s")
    assert (head.size, head.content_type) == (len(BODY), "video/iso.segment")
    assert len(head.etag) == 32
    assert head.modified > 1_600_000_000_000


async def test_an_absent_object_is_missing_however_asked(objects: Objects) -> None:
    for attempt in (objects.get("no"), objects.head("no"), objects.source("no"), objects.read("no", 0, 1)):
        with pytest.raises(Missing, match="no: "):
            await attempt
    await objects.delete("no")


async def test_many_objects_are_stored_and_listed_in_order(objects: Objects) -> None:
    await objects.put_all([Blob(f"many/{n:04}", b"x") for n in range(30)])
    assert [head.key async for head in objects.list("many/")] == [f"many/{n:04}" for n in range(30)]


@pytest.mark.parametrize(
    ("wanted", "status", "first", "last"),
    [
        (None, 200, 0, len(BODY) - 1),
        ("bytes=0-99", 206, 0, 99),
        ("bytes=100-", 206, 100, len(BODY) - 1),
        ("bytes=-50", 206, len(BODY) - 50, len(BODY) - 1),
        ("bytes=9-99999999", 206, 9, len(BODY) - 1),
        ("bytes=0-1,5-6", 200, 0, len(BODY) - 1),
        ("lines=1-2", 200, 0, len(BODY) - 1),
        ("bytes=x-y", 200, 0, len(BODY) - 1),
        ("bytes=5-2", 200, 0, len(BODY) - 1),
    ],
)
async def test_ranges_are_answered_as_http_wants(
    objects: Objects, wanted: str | None, status: int, first: int, last: int
) -> None:
    got, headers, body = await answer(objects, "segments/v/720p/a.m4s", wanted)
    assert (got, body) == (status, BODY[first : last + 1])
    assert headers["Content-Length"] == str(len(body))
    assert headers["Cache-Control"] == "max-age=9, immutable"
    assert headers.get("Content-Range") == (f"bytes {first}-{last}/{len(BODY)}" if status == 206 else None)


async def test_a_range_behind_the_end_is_416_and_no_object_404(objects: Objects) -> None:
    assert await answer(objects, "segments/v/720p/a.m4s", f"bytes={len(BODY)}-") == (
        416,
        {"Content-Range": f"bytes */{len(BODY)}"},
        b"",
    )
    assert await answer(objects, "segments/none", "bytes=0-1") == (404, {}, b"")


async def test_leaving_a_stream_early_leaves_the_connection_usable(objects: Objects) -> None:
    for _ in range(80):
        async with stream(objects, "segments/v/720p/a.m4s") as found:
            assert found.status == 200
    assert len(await objects.get("segments/v/720p/a.m4s")) == len(BODY)


async def test_a_signed_put_stores_and_expires(objects: Objects) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        put = await client.put(objects.sign_put("sources/Ünï cödé+&", 60), content=b"abc")
        assert put.status_code == 200, put.text
        assert await objects.get("sources/Ünï cödé+&") == b"abc"
        other = objects.sign_put("sources/one", 60).replace("sources/one", "sources/two")
        assert (await client.put(other, content=b"abc")).status_code == 403


async def test_a_signed_header_must_be_sent_as_signed(objects: Objects) -> None:
    url = objects.sign_put("sources/typed", 60, {"Content-Type": "video/mp4"})
    async with httpx.AsyncClient(timeout=60) as client:
        right = await client.put(url, content=b"abc", headers={"Content-Type": "video/mp4"})
        wrong = await client.put(url, content=b"abc", headers={"Content-Type": "text/html"})
    assert (right.status_code, wrong.status_code) == (200, 403)


async def test_wrong_credentials_are_refused_and_a_silent_store_is_down(settings: Settings) -> None:
    async with Objects(replace(settings, s3_secret="wrong")) as strangers:
        with pytest.raises(StoreRefused):
            await strangers.put(Blob("k", b""))
    async with Objects(replace(settings, s3="http://127.0.0.1:9")) as nowhere:
        with pytest.raises(StoreDown):
            await nowhere.get("k")
