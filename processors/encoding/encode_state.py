"""What the directing fold remembers of an encode, and how it changes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from processors.encoding.encode_tasks import codec_of, parts, stage_of, stages
from schemas.encode_reports import EncodePlanned, Segment, SourceGrown
from streams.processor import State


class Retry(msgspec.Struct, frozen=True):
    """A part that waits for another try: which one, and when (ms of the partition's clock)."""

    attempt: int
    due: int


class Encode(State, frozen=True):
    """`segments` counts the accepted segments of a rendition, `end_ms` is where the last one ends.

    A part is done when as many of its reports are `accepted` as its worker has said there are (`announced`). Those
    of the running stage are remembered. `dropped` renditions are not made, `added` ones came after the start;
    `counts` are the segments of all that are complete; `concealed` counts what was damaged in the source, once.
    Parts that are `waiting` for an archived source are asked for again, as that try; `asked`: how often the store was
    asked for it, `restored`: up to which of these looks it had been brought back. Parts in `awaiting` lack some of a
    source that is still `arriving`: so many bytes of it must be there; `tried`: the last try of a part that failed.
    """

    plan: EncodePlanned | None = None
    status: Literal["none", "running", "completed", "cancelled", "failed"] = "none"
    stage: int = 0
    done: tuple[str, ...] = ()
    retries: dict[str, Retry] = msgspec.field(default_factory=dict[str, Retry])
    accepted: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    announced: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    segments: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    end_ms: int = 0
    concealed: int = 0
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    waiting: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    asked: int = 0
    restored: int = 0
    counts: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    awaiting: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    arriving: SourceGrown | None = None
    tried: dict[str, int] = msgspec.field(default_factory=dict[str, int])

    def to(self, **changes: object) -> Encode:
        return msgspec.structs.replace(self, **changes)

    def at_stage(self, stage: int) -> Encode:
        return self.to(stage=stage, done=(), retries={}, waiting={}, accepted={}, announced={}, segments={}, tried={})

    def in_hand(self, part: str) -> bool:
        """Whether a part belongs to what is running, and isn't done."""
        return self.plan is not None and stage_of(part) == stages(self.plan)[self.stage] and part not in self.done

    @property
    def complete(self) -> bool:
        """Whether all of the running stage is done."""
        return self.plan is not None and set(self.done) >= set(parts(self.plan, stages(self.plan)[self.stage]))

    @property
    def has_pictures(self) -> bool:
        return self.plan is None or bool(self.plan.rungs)

    def chunks_done(self) -> bool:
        wanted = parts(self.plan, stages(self.plan)[self.stage]) if self.plan else []
        return all(part in self.done for part in wanted if codec_of(part))

    def with_segments(self, stored: Iterable[Segment]) -> Encode:
        counts, end = dict(self.segments), self.end_ms
        for segment in stored:
            counts[segment.rendition] = counts.get(segment.rendition, 0) + 1
            if segment.height or not self.has_pictures:
                end = max(end, round(1000 * (segment.start + segment.duration) / segment.timescale))
        return self.to(segments=counts, end_ms=end)

    def with_accepted(self, part: str, reports: int) -> Encode:
        return self.to(accepted={**self.accepted, part: self.accepted.get(part, 0) + reports})

    def with_announced(self, part: str, reports: int, concealed: int = 0) -> Encode:
        told = concealed if self.stage == 0 else 0  # later passes meet the same damage again
        return self.to(announced={**self.announced, part: reports}, concealed=self.concealed + told)

    def has_all(self, part: str) -> bool:
        return part in self.announced and self.accepted.get(part, 0) >= self.announced[part]

    def with_done(self, part: str) -> Encode:
        """Done parts are not counted any more: a day's video has over a thousand."""
        if part in self.done:
            return self
        counts = {
            name: {k: n for k, n in getattr(self, name).items() if k != part} for name in ("accepted", "announced")
        }
        return self.to(done=(*self.done, part), **counts)

    def with_complete(self, names: Iterable[str]) -> Encode:
        return self.to(counts={**self.counts, **{name: self.segments.get(name, 0) for name in names}})

    def with_dropped(self, names: Iterable[str]) -> Encode:
        return self.to(dropped=tuple(dict.fromkeys([*self.dropped, *names])))

    def with_retry(self, part: str, retry: Retry) -> Encode:
        return self.to(retries={**self.retries, part: retry})

    def with_waiting(self, part: str, attempt: int) -> Encode:
        return self.to(waiting={**self.waiting, part: attempt})

    def due(self, at: int) -> dict[str, Retry]:
        return {part: retry for part, retry in self.retries.items() if retry.due <= at}

    def without_retries(self, tried: Iterable[str]) -> Encode:
        return self.to(retries={part: retry for part, retry in self.retries.items() if part not in set(tried)})

    def next_retry(self) -> int | None:
        return min((retry.due for retry in self.retries.values()), default=None)
