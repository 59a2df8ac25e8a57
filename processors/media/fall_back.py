"""Make a chunk one way, and where that fails another."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from processors.media.blocks import Ranges
from processors.media.confined import confined
from processors.media.encoders import Encoders
from processors.media.jobs import ChunkJob
from processors.media.limits import Crashed, LimitExceeded, limits_for
from processors.media.made import Made
from processors.media.model import Unplayable, Value, Way

DEVICE_S = 240.0  # a driver that hangs is given up while software still has time
logger = logging.getLogger(__name__)


class GivenUp(Value, frozen=True, kw_only=True):
    """A way that failed, by its encoder, and what it failed with."""

    encoder: str
    error: str


class Try(Value, frozen=True, kw_only=True):
    """What follows is made this way, after the ones that were given up."""

    way: Way
    given_up: list[GivenUp]


async def made_one_way(job: ChunkJob, source: Ranges, encoders: Encoders) -> AsyncGenerator[Made | Try]:
    """What the job makes, way after way until one makes it all; a Try before each.

    A way begins again at the chunk's start: its segments have the numbers of those that the one before it made, and
    either will do. A device is not believed in anything; of software only an encoder that failed, or a crash, is worth
    another way. Raises as `confined` does: what the usual encoder came to.
    """
    cause: Exception | None = None
    given_up, ways = list[GivenUp](), encoders.ways(job.rungs[0].codec)
    for way in ways:
        yield Try(way=way, given_up=given_up)
        try:
            async with aclosing(_made(msgspec.structs.replace(job, way=way), source)) as messages:
                async for made in messages:
                    yield made
            return
        except (Unplayable, LimitExceeded, Crashed) as error:
            if way.device:
                await encoders.look()
            elif cause is not None or way == ways[-1] or not isinstance(error, Crashed):
                raise cause or error from None
            else:
                cause = error
            logger.warning("%s made no chunk of %s: %s", way.encoder, job.video_id, error)
            given_up = [*given_up, GivenUp(encoder=way.encoder, error=str(error))]


def _made(job: ChunkJob, source: Ranges) -> AsyncGenerator[Made]:
    usual = limits_for(job)
    return confined(job, source, msgspec.structs.replace(usual, time_s=DEVICE_S) if job.way.device else usual)
