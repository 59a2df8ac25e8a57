"""`playlog upload`: announce a file, send it, and stay until it plays and is published."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import aclosing
from pathlib import Path
from typing import Any

from gateway.client.content_types import content_type
from gateway.client.follow import follow
from gateway.client.gateway import Gateway, Refused
from gateway.client.screen import Screen
from gateway.client.transfer import Plan, Transfer, fresh, resumed
from gateway.client.watch import Outcome, Watching

SETTLE_SECONDS = 300


async def upload(gateway: Gateway, file: Path, words: dict[str, Any], resume: str | None, screen: Screen) -> Outcome:
    """Take `file` all the way; `words` describe it. Raises Refused where the gateway or the store refuses."""
    plan = await _resumed(gateway, file, resume) if resume else await _announced(gateway, file, words)
    screen.announced(plan.video_id, plan.size)
    if plan.part_count:
        parts = await Transfer(gateway, file, plan, screen.sent).run()
        await _complete(gateway, plan.video_id, parts if plan.kind == "multipart" else [])
    screen.uploaded()
    return await stay(gateway, plan.video_id, screen)


async def stay(gateway: Gateway, video_id: str, screen: Screen) -> Outcome:
    """Follow the video until nothing more will happen to it."""
    watching = Watching()
    async with aclosing(follow(gateway, video_id)) as events:
        async for event in events:
            was_playable = watching.playable
            watching.hear(event)
            screen.encoding(watching.done, watching.total)
            if watching.playable and not was_playable:
                screen.playable(f"{gateway.address}/watch/{video_id}")
            if watching.outcome:
                return watching.outcome
    raise Refused(0, "unreachable", "The live events ended.")


async def _announced(gateway: Gateway, file: Path, words: dict[str, Any]) -> Plan:
    size = file.stat().st_size
    announcement = {"filename": file.name, "size": size, "content_type": content_type(file.name), **words}
    return fresh(await gateway.call("POST", "/v1/uploads", announcement, key=str(uuid.uuid4())), size)


async def _resumed(gateway: Gateway, file: Path, video_id: str) -> Plan:
    status = await gateway.call("GET", f"/v1/uploads/{video_id}")
    if status["state"] in ("aborted", "expired"):
        raise Refused(409, "settled", f"This upload is {status['state']}.", "Upload the file without --resume.")
    if status["size"] != file.stat().st_size:
        told = f"{file} has {file.stat().st_size} bytes, {status['size']} were announced."
        raise Refused(409, "other-file", told, "Name the file that the upload was begun with.")
    if status["state"] == "completed":
        return Plan(video_id, status["kind"], status["size"], status["part_size"], 0, {})
    return resumed(status)


async def _complete(gateway: Gateway, video_id: str, parts: list[dict[str, Any]]) -> None:
    """Ask until it is settled; asking again is harmless."""
    async with asyncio.timeout(SETTLE_SECONDS):
        while True:
            answer = await gateway.call("POST", f"/v1/uploads/{video_id}/complete", {"parts": parts})
            if answer["state"] == "completed":
                return
            await asyncio.sleep(1)
