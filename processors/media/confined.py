"""Run a media job in a process that can do nothing but that: decoders of untrusted files are where break-ins begin.

The source is never downloaded: the process asks for blocks, its parent reads them from a `Ranges`.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator

from processors.media.blocks import Ranges
from processors.media.jobs import Job, SelfCheckJob
from processors.media.limits import Crashed, Limits, limits_for
from processors.media.made import Made, SelfChecked
from processors.media.model import USUAL_WAY, Way
from processors.media.process import Process


async def confined(job: Job, ranges: Ranges, limits: Limits | None = None) -> AsyncGenerator[Made]:
    """What the job makes, message by message.

    Raises Unplayable (the source's fault: tell its owner), LimitExceeded, Crashed, or what `ranges.read` raised.
    Closing the generator ends the process.
    """
    process = await Process.start(job, ranges, limits or limits_for(job))
    try:
        while (message := await process.next()) is not None:
            yield message
    finally:
        await process.end()


async def self_check(path: str = sys.executable, way: Way = USUAL_WAY) -> SelfChecked:
    """How jobs of a way are confined on this machine, tried out; `path`: a file that they try to open."""
    said = [message async for message in confined(SelfCheckJob(path=path, way=way), Nothing())]
    if len(said) == 1 and isinstance(said[0], SelfChecked):
        return said[0]
    raise Crashed(f"the confined process was asked of itself and said {said}")


class Nothing:
    """A source without bytes."""

    size = 0

    async def read(self, offset: int, length: int) -> bytes:
        return b""
