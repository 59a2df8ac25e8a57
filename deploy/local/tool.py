"""Run a program that does one thing and ends: npm, a download, the declaration. Cancelled, it is gone."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.local import launcher
from deploy.local.mendable import Mendable
from deploy.local.supervisor import kill_group

OUTPUT_TAIL_LINES = 20


class ToolFailed(Mendable):
    """The program ended with an error; the message is the end of what it printed."""


async def run_tool(
    command: Sequence[str],
    environment: Mapping[str, str] = os.environ,
    folder: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> None:
    """Run to the end; `progress` is told each line that is printed. Raises ToolFailed."""
    bound = [sys.executable, "-I", "-S", launcher.__file__, str(os.getpid()), *command]
    process = await asyncio.create_subprocess_exec(
        *bound, cwd=folder, env=environment, stdout=PIPE, stderr=STDOUT, start_new_session=True
    )
    assert process.stdout
    tail: deque[str] = deque(maxlen=OUTPUT_TAIL_LINES)
    try:
        async for line in process.stdout:
            tail.append(line.decode(errors="replace").rstrip())
            progress(tail[-1])
        code = await process.wait()
    finally:
        kill_group(process.pid)
        await process.wait()
    if code:
        raise ToolFailed("\n".join(tail))
