"""What the edge's log amounts to: requests, hits, bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

# HIT: fresh; STALE: the gateway failed; UPDATING: it is being asked meanwhile; REVALIDATED: it said "as it was"
SPARED = frozenset({"HIT", "STALE", "UPDATING", "REVALIDATED"})


class Line(msgspec.Struct, frozen=True):
    """One request. `at` in seconds since 1970; `cache` is empty where the edge answered by itself."""

    at: float
    status: int
    cache: str
    bytes: int
    video_id: str = ""
    path: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Hits:
    """Requests by what became of them, and bytes sent to viewers. A hit sent no body from the gateway to the edge."""

    requests: int = 0
    hits: int = 0
    refused: int = 0
    bytes: int = 0
    hit_bytes: int = 0

    @property
    def served(self) -> int:
        return self.requests - self.refused

    @property
    def ratio(self) -> float:
        """Hits among the requests that were not refused; 0 to 1."""
        return self.hits / self.served if self.served else 0.0

    def __str__(self) -> str:
        return (
            f"{self.requests} requests, {self.refused} refused by the edge, {self.hits} hits ({self.ratio:.1%}), "
            f"{self.bytes / 1e6:.1f} MB sent, {self.hit_bytes / 1e6:.1f} MB of it without the gateway"
        )


def lines(log: Path) -> Iterator[Line]:
    """The requests in a log, oldest first; none where there is no log. What is no whole line yet is passed over."""
    if not log.exists():
        return
    with log.open("rb") as file:
        for text in file:
            try:
                yield msgspec.json.decode(text, type=Line)
            except msgspec.DecodeError:
                continue


def tally(found: Iterable[Line]) -> Hits:
    requests = hits = refused = sent = spared = 0
    for line in found:
        hit = line.cache in SPARED
        requests, hits, refused = requests + 1, hits + hit, refused + (not line.cache)
        sent, spared = sent + line.bytes, spared + line.bytes * hit
    return Hits(requests, hits, refused, sent, spared)
