"""What a video's events amount to, for somebody who waits for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """How it ended; `reason` says why where it did not work out."""

    published: bool
    reason: str = ""


ENDED = {
    "VideoDeleted": "The video was deleted.",
    "UploadAborted": "The upload was given up.",
    "UploadExpired": "The upload was not finished in time.",
    "EncodeCancelled": "The encode was cancelled.",
}


@dataclass
class Watching:
    """Events heard so far, each once: how many segments of how many are stored, and what came of it."""

    total: int = 0
    playable: bool = False
    outcome: Outcome | None = None
    _segments: set[tuple[str, int]] = field(default_factory=set)

    @property
    def done(self) -> int:
        return min(len(self._segments), self.total) if self.total else len(self._segments)

    def hear(self, told: dict[str, Any]) -> None:
        event = told["event"]
        match told["type"]:
            case "EncodeStarted":
                self.total = event["segments_planned"] * (len(event["rungs"]) + bool(event["audio"]))
            case "SegmentStored":
                self._segments.add((event["rendition"], event["number"]))
            case "VideoPlayable":
                self.playable = True
            case "VideoPublished":
                self.playable, self.total, self.outcome = True, max(len(self._segments), 1), Outcome(True)
            case "VideoRejected" | "VideoFailed":
                self.outcome = Outcome(False, event["reason"])
            case name if name in ENDED:
                self.outcome = Outcome(False, ENDED[name])
