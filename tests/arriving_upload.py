"""An upload in parts as it goes on, through the folds that probe and encode what is there of it."""

from __future__ import annotations

from typing import Any

import msgspec

from deploy import ROOT
from processors.encoding.direct_encode import direct_encode
from processors.encoding.plan_encode import plan_encode
from processors.encoding.publish_video import publish_video
from processors.probing.order_probe import order_probe
from processors.probing.settle_probe import settle_probe
from schemas import encode_reports as reports
from schemas.encode_tasks import AudioRequested, ChunkRequested
from schemas.probe_reports import SourceProbed
from schemas.probe_tasks import ProbeRequested
from schemas.uploads import PartStored, UploadCompleted, UploadStarted
from streams.catalogue import Catalogue
from streams.event import Event, natural_id
from streams.harness import Topology
from streams.held_parts import held

EXAMPLES = Catalogue.load(ROOT).examples
FOUND = msgspec.convert(EXAMPLES["SourceProbed"], SourceProbed)
VIDEO = FOUND.video_id
PART, COUNT = 8 << 20, 10
SIZE = COUNT * PART
ETAGS = {number: f"e{number}" for number in range(1, COUNT + 1)}
STARTED = UploadStarted(
    event_id=natural_id("start"), video_id=VIDEO, owner="a", filename="a.mp4", size=SIZE, content_type="video/mp4",
    kind="multipart", store_key="sources/v", store_upload_id="u", part_size=PART, part_count=COUNT, expires_at=10**15,
    title="A", encoding="fast",
)  # fmt: skip


def stored(number: int, etag: str | None = None) -> PartStored:
    tag = etag or ETAGS[number]
    return PartStored(
        event_id=natural_id("part", number, tag), video_id=VIDEO, number=number, etag=tag,
        size=PART,
    )  # fmt: skip


def completed(etags: dict[int, str] = ETAGS) -> UploadCompleted:
    return UploadCompleted(
        event_id=natural_id("whole"), video_id=VIDEO, owner="a", filename="a.mp4", content_type="video/mp4",
        store_key="sources/v", size=SIZE, etag="whole", parts_digest=held(etags).digest,
    )  # fmt: skip


class Given:
    """An upload as it goes on."""

    def __init__(self, *numbers: int) -> None:
        self.log = Topology([order_probe, settle_probe, plan_encode, direct_encode, publish_video], clock=0)
        self.post(STARTED, *map(stored, numbers))

    def post(self, *events: Event) -> Given:
        for event in events:
            self.log.post(event)
        return self

    def probed(self, arriving: bool = True, duration_ms: int = 60_000) -> Given:
        """A worker's answer: a minute of pictures and sound."""
        name = natural_id("probed", len(self.probes()))
        return self.post(msgspec.structs.replace(
            FOUND, event_id=name, arriving=arriving, size_bytes=SIZE, duration_ms=duration_ms
        ))  # fmt: skip

    def probes(self) -> list[ProbeRequested]:
        return [e for e in self.log.log("probe-tasks") if isinstance(e, ProbeRequested)]

    def asked(self) -> list[str]:
        return [name_of(task) for task in self.log.log("encode-tasks")]

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in (*self.log.log("videos"), *self.log.log("encodes")) if isinstance(event, kind)]

    def lacks(self, part: str, offset: int) -> Given:
        plan = self.plan()
        return self.post(reports.SourceAwaited(
            event_id=natural_id("awaits", part, offset), video_id=VIDEO, encode_id=plan.encode_id,
            task_id=natural_id("t"), part=part, offset=offset,
        ))  # fmt: skip

    def failed(self, part: str, attempt: int, code: str = "source_changed", permanent: bool = True) -> Given:
        encode_id = self.plan().encode_id
        return self.post(reports.TaskFailed(
            event_id=natural_id(encode_id, "failed", part, attempt), video_id=VIDEO, encode_id=encode_id,
            task_id=natural_id("t"), part=part, code=code, error="e", attempt=attempt, permanent=permanent,
        ))  # fmt: skip

    def plan(self) -> reports.EncodePlanned:
        return [e for e in self.log.log("encode-reports") if isinstance(e, reports.EncodePlanned)][-1]

    def made(self) -> Given:
        """Everything that the plan's start holds, as its workers report it, whether they were asked or not."""
        plan = self.plan()
        known: dict[str, Any] = {"video_id": VIDEO, "encode_id": plan.encode_id}
        for chunk in plan.chunks:
            self.post(
                reports.ChunkEncoded(
                    **known, event_id=natural_id(plan.encode_id, chunk.index), chunk=chunk.index, codec="h264",
                    encoder="x", segments=0, frames=1, elapsed_ms=1,
                )
            )  # fmt: skip
        sound = reports.AudioEncoded(**known, event_id=natural_id(plan.encode_id, "a"), segments=(), total=0)
        pictures = msgspec.convert(EXAMPLES["PicturesMade"], reports.PicturesMade)
        return self.post(sound, msgspec.structs.replace(pictures, **known, event_id=natural_id(plan.encode_id, "p")))


def name_of(task: Event) -> str:
    match task:
        case ChunkRequested():
            return f"chunk-{task.chunk.index}"
        case AudioRequested():
            return "audio"
        case _:
            return "pictures"
