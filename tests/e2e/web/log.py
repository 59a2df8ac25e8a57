"""What the log of a running platform holds, read beside it: the truth that the page's tests compare with."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from deploy.assembly import platform
from deploy.local.configuration import Local
from schemas.playback import PlaybackBeacon
from streams.tail import Tail
from tests.e2e.web.site import MINUTE

Beacons = Sequence[PlaybackBeacon]


@dataclass(frozen=True)
class Told:
    """What is told of a video from here on: sessions that had begun before are left out."""

    local: Local
    video_id: str
    before: frozenset[str]

    @classmethod
    def of(cls, local: Local, video_id: str) -> Told:
        return cls(local, video_id, frozenset(beacon.session_id for beacon in _beacons(local, video_id)))

    def now(self) -> Beacons:
        """All beacons by now, by session and sequence; each once, as everything that reads them takes them."""
        found = {
            (beacon.session_id, beacon.sequence): beacon
            for beacon in _beacons(self.local, self.video_id)
            if beacon.session_id not in self.before
        }
        return [found[name] for name in sorted(found)]

    def once(self, enough: Callable[[Beacons], bool]) -> Beacons:
        """The beacons once there are enough. Raises TimeoutError with what there is."""
        limit = time.monotonic() + 3 * MINUTE / 1000
        while not enough(found := self.now()):
            if time.monotonic() > limit:
                raise TimeoutError(f"{self.video_id}: {[(b.sequence, b.kind, b.advanced_ms) for b in found]}")
            time.sleep(0.3)
        return found


def _beacons(local: Local, video_id: str) -> list[PlaybackBeacon]:
    with ThreadPoolExecutor(1) as beside:  # the browser's driver has the loop of this thread
        return beside.submit(asyncio.run, _read(local, video_id)).result()


async def _read(local: Local, video_id: str) -> list[PlaybackBeacon]:
    here = platform(local.settings())
    tail = Tail(here.settings, await here.codec())
    events = [recorded.event async for recorded in tail.until_now(["playback"])]
    return [event for event in events if isinstance(event, PlaybackBeacon) and event.video_id == video_id]
