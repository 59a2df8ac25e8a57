"""The uploading client against a real gateway and store: interrupted, resumed, refused."""

from __future__ import annotations

import asyncio
import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from gateway.client.gateway import Gateway, Refused
from gateway.client.screen import Screen
from gateway.client.transfer import Transfer, fresh
from gateway.client.upload import upload
from gateway.commands import development_token
from gateway.why import story
from schemas.videos import VideoPlayable, VideoPublished, VideoRejected
from tests.integration.gateway.conftest import MIB, Rig, eventually, upload_is

pytestmark = pytest.mark.asyncio(loop_scope="session")


def client(rig: Rig, subject: str) -> Gateway:
    return Gateway(rig.address, development_token(Path(rig.platform.settings.home), "creator", subject))


def screen() -> tuple[Screen, io.StringIO]:
    text = io.StringIO()
    return Screen(Console(file=text, width=200), "a.mp4"), text


async def settled(rig: Rig, gateway: Gateway, video: str, *ends: Any) -> None:
    """What the encoding processors would say, once the upload is complete."""

    async def completed() -> bool:
        return (await gateway.call("GET", f"/v1/uploads/{video}"))["state"] == "completed"

    await eventually(completed)
    for event in ends:
        await rig.services.log.post(event)


async def begun(gateway: Gateway, file: Path) -> dict[str, Any]:
    body = {"filename": file.name, "size": file.stat().st_size, "content_type": "video/mp4"}
    return await gateway.call("POST", "/v1/uploads", body, key=str(uuid.uuid4()))


async def test_an_interrupted_upload_goes_on_and_ends_published(rig: Rig, tmp_path: Path) -> None:
    file, moved = tmp_path / "a.mp4", 0
    file.write_bytes(b"x" * (2 * 8 * MIB + 5))

    def sent(count: int) -> None:
        nonlocal moved
        moved += count

    async with client(rig, f"cli-{uuid.uuid4()}") as gateway:
        started = await begun(gateway, file)
        video, plan = started["video_id"], fresh(started, file.stat().st_size)
        sending = asyncio.create_task(Transfer(gateway, file, plan, sent).run())

        async def one_part_is_there() -> bool:
            return bool(plan.held) or sending.done()

        await eventually(one_part_is_there)
        sending.cancel()
        await asyncio.wait([sending])
        shown, text = screen()
        ends = (
            VideoPlayable(video_id=video, encode_id=video),
            VideoPublished(video_id=video, encode_id=video, duration_ms=1, renditions=("360p",)),
        )
        ending = asyncio.create_task(settled(rig, gateway, video, *ends))
        with shown:
            outcome = await upload(gateway, file, {}, video, shown)
        await ending
        assert outcome.published
        assert f"playable at {rig.address}/watch/{video}" in text.getvalue()
        with shown:
            assert (await upload(gateway, file, {}, video, shown)).published
        told = "\n".join(await story(rig.platform, video))
        assert "UploadCompleted" in told
        assert told.endswith("waiting for nothing: the video is published")


async def test_a_rejected_video_ends_with_its_reason(rig: Rig, tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(b"no video at all")
    shown, text = screen()

    async with client(rig, f"cli-{uuid.uuid4()}") as gateway:
        taking = asyncio.create_task(upload(gateway, file, {"title": "T"}, None, shown))

        async def announced() -> bool:
            return "video " in text.getvalue()

        await eventually(announced)
        video = text.getvalue().split()[1]
        await settled(rig, gateway, video, VideoRejected(video_id=video, code="no_video", reason="No picture in it."))
        outcome = await taking
    assert not outcome.published
    assert outcome.reason == "No picture in it."


async def test_a_refusal_names_what_to_do(rig: Rig, tmp_path: Path) -> None:
    empty, small = tmp_path / "empty.mp4", tmp_path / "small.mp4"
    empty.write_bytes(b"")
    small.write_bytes(b"x")
    shown, _ = screen()
    async with client(rig, f"cli-{uuid.uuid4()}") as gateway:
        with pytest.raises(Refused, match="not empty"):
            await upload(gateway, empty, {}, None, shown)
        started = await begun(gateway, small)
        small.write_bytes(b"xx")
        with pytest.raises(Refused, match="has 2 bytes, 1 were announced"):
            await upload(gateway, small, {}, started["video_id"], shown)
        await gateway.call("DELETE", f"/v1/uploads/{started['video_id']}")
        await upload_is(gateway.http, started["video_id"], "aborted")
        with pytest.raises(Refused, match="aborted"):
            await upload(gateway, small, {}, started["video_id"], shown)
        with pytest.raises(Refused, match="no upload"):
            await upload(gateway, small, {}, str(uuid.uuid4()), shown)
