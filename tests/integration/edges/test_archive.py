"""Sources in the archive: of a store that has one, and of ours, which has none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from processors.encoding.encode_source import SOURCE_ARCHIVED
from processors.storage.restore_source import restore_source
from schemas.encode_reports import SourceReturned, TaskFailed
from schemas.storage_tasks import RestoreRequested
from streams.archive import Archive, NoArchive, Rule
from streams.event import Event, natural_id
from streams.objects import Objects
from streams.settings import Settings
from streams.store_errors import Archived
from tests.archive_store import archive_store

pytestmark = pytest.mark.asyncio(loop_scope="module")
KEY = "sources/0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11"
RULE = Rule("sources/", 30, "DEEP_ARCHIVE")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def glacier() -> AsyncIterator[Objects]:
    with archive_store() as address:
        async with Objects(Settings(s3=address)) as objects:
            await objects.ensure_bucket()
            yield objects


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plain(settings: Settings) -> AsyncIterator[Objects]:
    async with Objects(replace(settings, namespace=f"{settings.namespace}a")) as objects:
        await objects.ensure_bucket()
        yield objects
        await objects.delete(KEY)
        await objects.call("delete_bucket", objects.bucket)


async def archived(objects: Objects) -> str:
    """A source in the archive; its ETag."""
    answer = await objects.call("put_object", KEY, Key=KEY, Body=b"source", StorageClass="DEEP_ARCHIVE")
    return answer["ETag"].strip('"')


async def looked(objects: Objects, attempt: int) -> Event:
    """What a worker reports that is to have the source back."""
    task = RestoreRequested(
        task_id=natural_id("t"), video_id=KEY[8:], encode_id=natural_id("e"), store_key=KEY, attempt=attempt
    )
    [report] = [event async for event in restore_source.function(task, objects)]
    return report


async def test_an_archived_source_is_asked_for_and_read_when_it_is_back(glacier: Objects) -> None:
    etag = await archived(glacier)
    with pytest.raises(Archived, match="has to be restored first"):
        await glacier.source(KEY, etag)
    with pytest.raises(Archived, match="InvalidObjectState"):
        await glacier.get(KEY)

    asked = await looked(glacier, 1)
    head = await glacier.head(KEY)
    back = await looked(glacier, 2)

    assert isinstance(asked, TaskFailed)
    assert (asked.code, asked.permanent) == (SOURCE_ARCHIVED, False)
    assert (head.archived, head.returning) == (True, True)
    assert isinstance(back, SourceReturned)
    assert await (await glacier.source(KEY, etag)).read(0, 6) == b"source"


async def test_the_rule_is_kept_beside_those_of_others(glacier: Objects) -> None:
    archive = Archive(glacier)
    assert await archive.rule("ours") is None
    await archive.put_rule("theirs", Rule("logs/", 1, "GLACIER"))
    for rule in (RULE, replace(RULE, days=60)):
        await archive.put_rule("ours", rule)
        assert await archive.rule("ours") == rule
    await archive.put_rule("ours", None)
    assert await archive.rule("ours") is None
    assert await archive.rule("theirs") == Rule("logs/", 1, "GLACIER")
    await archive.put_rule("theirs", None)
    assert await archive.rule("theirs") is None


async def test_a_store_without_an_archive_says_so(plain: Objects) -> None:
    """Ours keeps an object's class and gives it all the same: what is told of it is what a worker goes by."""
    etag = await archived(plain)
    with pytest.raises(Archived):
        await plain.source(KEY, etag)
    for attempt in (Archive(plain).rule("ours"), Archive(plain).put_rule("ours", RULE)):
        with pytest.raises(NoArchive, match=f"lifecycle rules: the store of bucket {plain.bucket} can't"):
            await attempt
    with pytest.raises(NoArchive, match="restore_object"):
        await looked(plain, 1)
