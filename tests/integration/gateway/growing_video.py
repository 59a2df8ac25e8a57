"""A public video whose segments are stored one by one, and a player that asks for its media."""

from __future__ import annotations

import hashlib
import time
import uuid

import httpx

from schemas.encodes import EncodeCompleted, EncodeStarted, Keyframe, Rung, SegmentStored
from schemas.videos import VideoDescribed
from streams.event import Event
from streams.objects import Blob
from tests.integration.gateway.conftest import Rig, eventually

NAMES = ("360p",)
RUNGS = (Rung(name="360p", codec="h264", width=640, height=360, crf=23, max_kbps=900),)


def name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


class Video:
    """A public video whose segments are stored one by one."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.id, self.encode = rig, str(uuid.uuid4()), str(uuid.uuid4())
        self.media = f"/media/{rig.services.links.token(self.id, time.time())}/{self.id}"
        self.last: dict[str, str] = {}

    @property
    def after(self) -> dict[str, str]:
        """For an answer that shows all that was posted."""
        return {"Playlog-After": ",".join(self.last.values())}

    async def post(self, *events: Event) -> None:
        for event in events:
            position = await self.rig.services.log.post(event)
            self.last[position.topic] = str(position)

    async def begun(self) -> None:
        described = VideoDescribed(video_id=self.id, owner="somebody", title="Waves")
        started = EncodeStarted(
            video_id=self.id, encode_id=self.encode, rungs=RUNGS, chunks=1, audio=False, duration_ms=6000,
            segments_planned=3,
        )  # fmt: skip
        await self.post(described, started)

    async def segment(self, number: int, body: bytes = b"") -> str:
        body = body or f"{self.id} segment {number} ".encode() * 100
        key, first = f"segments/{self.id}/360p/{name(body)}.m4s", f"segments/{self.id}/360p/{name(b'init')}.mp4"
        blobs = [Blob(key, body, "video/iso.segment"), Blob(first, b"init", "video/mp4")]
        await self.rig.services.objects.put_all(blobs)
        stored = SegmentStored(
            video_id=self.id, encode_id=self.encode, rendition="360p", number=number, key=key, init_key=first,
            codecs="avc1.64001e", bytes=len(body), start=number * 2000, duration=2000, timescale=1000, width=640,
            height=360, frame_rate=25.0, keyframes=(Keyframe(start=number * 2000, duration=2000, offset=8, size=50),),
        )  # fmt: skip
        await self.post(stored)
        return f"360p/{name(body)}.m4s"

    async def finished(self) -> list[str]:
        """Two more segments, and no others; the paths of all of them, once they are listed."""
        rest = [await self.segment(1), await self.segment(2)]
        await self.post(EncodeCompleted(video_id=self.id, encode_id=self.encode, duration_ms=6000, renditions=NAMES))
        whole = await self.listed("360p.m3u8", "ENDLIST")
        assert all(path in whole for path in rest)
        return [line for line in whole.splitlines() if line.startswith("360p/")]

    async def get(self, path: str, **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.rig.address, timeout=60) as player:
            return await player.get(f"{self.media}/{path}", headers=headers)

    async def listed(self, path: str, wanted: str) -> str:
        """The manifest once it holds `wanted`: lists are a second old at most, and views take their time."""
        found = ""

        async def held() -> bool:
            nonlocal found
            found = (await self.get(path)).text
            return wanted in found

        await eventually(held)
        return found

    async def answers(self, path: str, status: int) -> httpx.Response:
        """The answer at `path` once it has this status."""

        async def so() -> bool:
            return (await self.get(path)).status_code == status

        await eventually(so)
        return await self.get(path)
