"""The whole way with one video: bring the platform up, upload as a client would, stay up to watch."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from deploy.local import instance
from deploy.local.configuration import Local
from deploy.local.mendable import Mendable
from deploy.local.report import Report
from deploy.local.services import playlog, service_environment
from deploy.local.tool import run_tool
from deploy.local.up import run


class NoSuchVideo(Mendable):
    """The file that was to be uploaded is not there."""


async def demonstrate(local: Local, report: Report, video: Path | None) -> None:
    """Upload `video`, else a generated clip, to the platform here; bring that up first, and keep it, if it is not."""
    if video and not video.is_file():
        raise NoSuchVideo(f"{video} is not a file: give the path of a video, or none for a generated clip")
    if instance.is_ready(local):
        await upload(local, report, await _video_or_clip(local, report, video))
        return
    clip = asyncio.create_task(_video_or_clip(local, report, video))  # made while the servers start

    async def then() -> None:
        await upload(local, report, await clip)

    try:
        await run(local, report, then=then)
    finally:
        clip.cancel()


async def upload(local: Local, report: Report, path: Path) -> None:
    """Run `playlog upload`, which shows its progress and the address to watch at."""
    title = path.stem.replace("_", " ").replace("-", " ")
    command = playlog("upload", str(path), "--title", title)
    process = await asyncio.create_subprocess_exec(*command, env=service_environment(local))
    try:
        if code := await process.wait():
            report.say(f"  [red]the upload ended with code {code}[/]; the platform stays up: {local.page}")
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _video_or_clip(local: Local, report: Report, video: Path | None) -> Path:
    if video:
        return video
    step = report.step("clip")
    step("making a clip with a clock and beeps")
    path = local.home / "demo" / "a-running-clock.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    await run_tool([sys.executable, "-m", "processors.media.sample", str(path)])
    step.done("made")
    return path
