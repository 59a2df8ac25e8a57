"""A video is encoded once more while it plays, as an operator asks for it: real servers, real encodes, the command."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from click.testing import CliRunner

from deploy.assembly import FOLDS, VIEWS, WORKS
from deploy.encodes.commands import cli
from gateway.media import segments
from processors.media.encoders import Encoders
from schemas.uploads import UploadCompleted
from schemas.videos import VideoDescribed
from streams.event import Event
from streams.objects import Blob, Objects
from streams.rows import Rows
from streams.settings import Settings
from streams.tail import Tail
from tests.integration.gateway.conftest import Rig, serving
from tests.integration.gateway.platforms import at_work, declared_for, taking_tasks
from tests.media_clips import Clip, make

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

PATIENCE = 120  # seconds; guards against a hang, never a measure
CLIP = make(Clip(seconds=3))
FOLDED = ("order_probe", "settle_probe", "plan_encode", "direct_encode", "publish_video", "discard_segments")
WORKED = ("probe_source", "encode_chunk", "encode_audio", "extract_texts", "make_pictures", "measure_ladder")
SHOWN = ("show_video", "show_encode", "list_encoded_segments", "list_captions")


@dataclass
class Video:
    """A video of three seconds, and what anybody sees of it."""

    rig: Rig
    id: str
    source: str

    async def told(self, kind: str, count: int = 1) -> list[Any]:
        """The events of a kind, once there are so many."""
        return await asyncio.wait_for(self._told(kind, count), PATIENCE)

    async def _told(self, kind: str, count: int) -> list[Any]:
        tail, topics = Tail(self.rig.platform.settings, await self.rig.platform.codec()), ["videos", "encodes"]
        while True:
            history = [one.event async for one in tail.history(topics, self.id)]
            found = [event for event in history if type(event).__name__ == kind]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.2)

    async def dash(self) -> str:
        """The manifest, as a player asks for it."""
        media = f"/media/{self.rig.services.links.token(self.id, time.time())}/{self.id}"
        async with httpx.AsyncClient(base_url=self.rig.address, timeout=60) as player:
            return (await player.get(f"{media}/manifest.mpd")).raise_for_status().text

    async def codecs(self, wanted: set[str]) -> None:
        """Return once exactly these are listed; in between there is always a whole video to play."""
        async with asyncio.timeout(PATIENCE):
            while (listed := codecs_in(await self.dash())) != wanted:
                assert listed, "nothing is listed"
                await asyncio.sleep(0.2)

    def playlog(self, *arguments: str) -> str:
        """What a command prints; with an exit status other than 0 the test fails."""
        ran = CliRunner().invoke(cli, [*arguments, "--video", self.id], obj=self.rig.platform)
        assert ran.exit_code == 0, ran.output
        return ran.output

    async def stores(self, data: bytes) -> str:
        """Put `data` where the source is; its entity tag."""
        await self.rig.services.objects.put(Blob(self.source, data, "video/mp4"))
        return (await self.rig.services.objects.head(self.source)).etag


def codecs_in(manifest: str) -> set[str]:
    assert 'type="static"' in manifest
    return set(re.findall(r'codecs="(avc1|vp09|mp4a|opus)', manifest))


def named(processors: Sequence[Any], names: Sequence[str]) -> list[Any]:
    return [one for one in processors if one.name in names]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def rig(servers: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """The encoding part of the platform. Its gateway keeps the lists of whole videos for a second, not for a minute."""
    platform = await declared_for("encoding", servers, tmp_path_factory)
    async with AsyncExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setattr(segments, "SETTLED", 1.0)
        objects = await stack.enter_async_context(Objects(platform.settings))
        rows = await stack.enter_async_context(Rows(platform.settings))
        provided = {Objects: objects, Rows: rows, Encoders: Encoders({})}
        await stack.enter_async_context(at_work(platform, [*named(FOLDS, FOLDED), *named(VIEWS, SHOWN)]))
        await stack.enter_async_context(taking_tasks(platform, named(WORKS, WORKED), provided))
        yield await stack.enter_async_context(serving(platform))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def video(rig: Rig) -> Video:
    """It is published, and all of it is listed."""
    video_id = str(uuid.uuid4())
    video = Video(rig, video_id, f"sources/{video_id}")
    etag = await video.stores(CLIP)
    events: list[Event] = [
        VideoDescribed(video_id=video_id, owner="somebody", title="Waves"),
        UploadCompleted(
            video_id=video_id, owner="somebody", filename="waves.mp4", content_type="video/mp4",
            store_key=video.source, size=len(CLIP), etag=etag,
        ),
    ]  # fmt: skip
    await rig.services.log.post_all(events)
    await video.told("VideoPublished")
    await video.codecs({"avc1", "mp4a", "opus"})
    return video


async def asked(video: Video, *arguments: str) -> str:
    """A command runs a loop of its own."""
    return await asyncio.to_thread(video.playlog, *arguments)


async def test_a_second_encode_takes_the_firsts_place_when_all_of_it_is_complete(video: Video) -> None:
    assert "1 of 1 would be" in await asked(video, "reencode", "--to", "balanced")
    await asked(video, "reencode", "--to", "balanced", "--yes")
    await video.codecs({"avc1", "mp4a", "opus", "vp09"})
    [replaced] = await video.told("EncodeReplaced")
    first, second = await video.told("VideoPublished", 2)
    assert (second.encode_id, second.replaces) == (replaced.encode_id, first.encode_id)
    assert second.encoding == "balanced"
    assert "1 of 1 would be" in await asked(video, "reencode", "--codec", "vp9")
    assert "nothing is like that" in await asked(video, "reencode", "--older-than-encoder", "2")


async def test_what_fails_changes_nothing(video: Video) -> None:
    before = await video.dash()
    await video.stores(CLIP[: len(CLIP) // 2])
    await asked(video, "reencode", "--yes")
    [failed] = await video.told("EncodeFailed")
    [discarded] = await video.told("SegmentsDiscarded")
    assert failed.code == "source_changed"
    assert discarded.encode_id == failed.encode_id
    assert await video.dash() == before
    await video.stores(CLIP)


async def test_what_nobody_plays_is_dropped_and_made_again_for_who_asks(video: Video) -> None:
    assert "1 of 1 would be" in await asked(video, "renditions", "drop", "--unplayed-for", "0")
    await asked(video, "renditions", "drop", "--unplayed-for", "0", "--yes")
    await video.told("RenditionDropped")
    await video.codecs({"avc1", "mp4a"})
    await video.told("ReencodeRequested", 3)
    await video.codecs({"avc1", "mp4a", "opus", "vp09"})
    assert len(await video.told("EncodeReplaced", 2)) == 2
