"""One reading of the log for all listeners."""

from __future__ import annotations

import asyncio

import pytest

from gateway.videos.feed import BUFFER, CutOff, Feed
from streams.positions import Position
from streams.record import Record
from streams.tail import Recorded


def recorded(video_id: str, offset: int) -> Recorded:
    return Recorded(None, Position("videos", 0, offset), 0, video_id, {}, Record(0, offset, 0, None, b""))


async def test_a_listener_hears_its_own_video_only() -> None:
    feed = Feed()
    with feed.subscribe("v1") as one, feed.subscribe("v1") as two:
        feed.hand(recorded("v2", 0))
        feed.hand(recorded("v1", 1))
        assert (await anext(one)).position.offset == 1
        assert (await anext(two)).position.offset == 1


async def test_nobody_is_kept_after_leaving() -> None:
    feed = Feed()
    with feed.subscribe("v1"):
        pass
    feed.hand(recorded("v1", 1))
    assert not feed._listeners


async def test_a_slow_listener_is_cut_off_and_the_others_go_on() -> None:
    feed = Feed()
    with feed.subscribe("v1") as slow, feed.subscribe("v1") as quick:
        for offset in range(BUFFER + 1):
            feed.hand(recorded("v1", offset))
            assert (await anext(quick)).position.offset == offset
        with pytest.raises(CutOff):
            async with asyncio.timeout(1):
                await anext(slow)
