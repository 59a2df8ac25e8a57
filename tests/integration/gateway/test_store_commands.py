"""`playlog store`, as an operator types it: what nothing names, and when sources are archived."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Collection
from dataclasses import replace

import httpx
import pytest
from click.testing import CliRunner, Result

from deploy.store.commands import cli
from deploy.store.orphans import Survey, WrongLog, compare, read, remove, survey
from processors.storage.named import Named
from schemas.operations import OperatorActed
from streams.event import days
from streams.multipart import Multipart
from streams.objects import Blob, Objects
from streams.platform import Platform
from streams.tail import Tail
from tests.archive_store import archive_store
from tests.integration.gateway.conftest import Rig
from tests.integration.gateway.growing_video import Video
from tests.integration.gateway.test_videos import described

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def playlog(platform: Platform, *arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, cli, ["store", *arguments], obj=platform)


async def later(rig: Rig) -> Survey:
    """The survey as it will be in two days."""
    now = time.time_ns() // 1_000_000
    return await compare(await read(rig.platform), rig.services.objects, now + days(2), began=now)


def among(found: Survey, keys: Collection[str]) -> set[str]:
    return {head.key for head in found.orphans} & {*keys}


async def test_what_nothing_names_is_found_and_removed_and_all_else_stays(rig: Rig, ann: httpx.AsyncClient) -> None:
    objects, video, stranger = rig.services.objects, Video(rig), str(uuid.uuid4())
    announced, _ = await described(rig, ann)
    await video.begun()
    segment = await video.segment(0)
    wanted = [f"sources/{announced}", f"segments/{video.id}/{segment}"]
    unwanted = [f"segments/{video.id}/360p/{'0' * 32}.m4s", f"sources/{stranger}", f"pictures/{stranger}/a.jpg"]
    await objects.put_all(Blob(key, b"x") for key in (wanted[0], *unwanted))
    upload = await Multipart(objects).create(f"sources/{stranger}")

    assert among(await survey(rig.platform, objects), [*wanted, *unwanted]) == set()
    found = await later(rig)
    assert among(found, [*wanted, *unwanted]) == {*unwanted}
    assert upload in {one.upload_id for one in found.abandoned}

    mine = [head for head in found.orphans if head.key in unwanted]
    gone = Survey(found.began, orphans=mine, abandoned=[one for one in found.abandoned if one.upload_id == upload])
    await remove(rig.platform, objects, gone)
    left = {head.key async for head in objects.list()}
    assert left & {*wanted, *unwanted} == {*wanted}
    assert upload not in {one.upload_id for one in (await later(rig)).abandoned}


async def test_a_log_that_knows_no_video_is_not_believed(rig: Rig) -> None:
    with pytest.raises(WrongLog, match="is it the one that belongs to this store"):
        await compare(Named(), rig.services.objects, 0)


async def test_orphans_are_counted_for_a_person(rig: Rig) -> None:
    answer = await playlog(rig.platform, "orphans", "--delete")
    assert answer.exit_code == 0, answer.output
    assert "objects, " in answer.output
    assert "nothing is orphaned" in answer.output  # everything here is younger than a day


async def test_sources_are_archived_when_an_operator_says_so_and_the_log_has_it(rig: Rig) -> None:
    with archive_store() as address:
        away = replace(rig.platform, settings=replace(rig.platform.settings, s3=address))
        async with Objects(away.settings) as objects:
            await objects.ensure_bucket()
        said = [(await playlog(away, "archive", *options)).output.strip() for options in STEPS]
    assert said == [
        "sources are not archived",
        "sources go to DEEP_ARCHIVE when they are 30 days old",
        "sources go to DEEP_ARCHIVE when they are 30 days old",
        "sources are not archived",
    ]
    tail = Tail(rig.platform.settings, await rig.platform.codec())
    acted = [one.event async for one in tail.until_now(["operations"]) if isinstance(one.event, OperatorActed)]
    places = [event.place for event in acted if (event.subject, event.action) == ("store", "archive")]
    assert places == [said[1], said[3]]


STEPS = ((), ("--after", "30", "--to", "DEEP_ARCHIVE"), (), ("--never",))


async def test_a_store_without_an_archive_is_one_message(rig: Rig) -> None:
    answer = await playlog(rig.platform, "archive", "--after", "30")
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: lifecycle rules: the store of bucket ")
    both = await playlog(rig.platform, "archive", "--after", "30", "--never")
    assert "give one of them" in both.output
