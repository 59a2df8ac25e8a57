"""One viewing of one film, as its player would report it. Pure.

Sources: log-normal watch time with three fifths of viewings under a fifth of the film (Finamore et al., "YouTube
Everywhere", IMC 2011); a viewer who stalls for 1 % of the film plays 5 % less (Krishnan and Sitaraman, IMC 2012).
Shares of stalls, seeks, switches and of those who leave at once are our own choice: the last sit just below what
makes a view, where a beacon that counts twice shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from gateway.simulate.films import Film

EVERY_MS = 10_000
MEDIAN_FRACTION, SIGMA = 0.2, 1.3  # of a viewer with middling taste
BOUNCES, LONGEST_BOUNCE_MS = 0.15, 9_999
STALLS, SEEKS, SWITCHES = 0.15, 0.1, 0.2  # chance of a viewing; of each ten seconds
LEAST_STALLED, MOST_STALLED = 0.002, 0.03  # of the film's length, where there is any
LOSS_BY_STALLING = 5.0
RUNGS = {"360p": 900, "540p": 1800, "720p": 3500, "1080p": 6000}  # kbit/s


@dataclass(frozen=True)
class Seen:
    """One beacon, without the session's names. `after_ms`: since the session began, on the player's clock."""

    sequence: int
    kind: str
    after_ms: int
    position_ms: int
    advanced_ms: int = 0
    stalled_ms: int = 0
    rendition: str = "720p"
    throughput_kbps: int = 3500


def watch(chance: Random, film: Film, taste: float) -> list[Seen]:
    """Beacons in the order they happen: started, then about every ten seconds, until the viewer leaves or it ends."""
    stalling = chance.uniform(LEAST_STALLED, MOST_STALLED) if chance.random() < STALLS else 0.0
    player = _Player(chance, film, round(stalling * film.duration_ms))
    player.report("started")
    left = watched_ms(chance, film.duration_ms, taste, stalling)
    while left > 0 and player.position < film.duration_ms:
        player.hiccup()
        span = min(EVERY_MS, left, film.duration_ms - player.position)
        player.play(span)
        left -= span
        last = left <= 0 or player.position >= film.duration_ms
        player.report(player.ending() if last else "playing")
    return player.beacons


def watched_ms(chance: Random, duration_ms: int, taste: float, stalling: float = 0.0) -> int:
    """How long somebody with this taste (0 to 1) stays, at least a second. `stalling`: share of the film's length."""
    if chance.random() < BOUNCES:
        return chance.randint(1000, min(duration_ms, LONGEST_BOUNCE_MS)) if duration_ms > 1000 else duration_ms
    fraction = chance.lognormvariate(math.log(MEDIAN_FRACTION * (0.5 + taste)), SIGMA)
    return max(1000, round(duration_ms * min(1.0, fraction) * (1 - LOSS_BY_STALLING * stalling)))


class _Player:
    """A play head, a clock and what has been reported."""

    def __init__(self, chance: Random, film: Film, waits_ms: int) -> None:
        self.chance, self.film, self.waits = chance, film, waits_ms
        self.beacons: list[Seen] = []
        self.position = self.clock = 0
        self.advanced = self.stalled = 0
        self.rung = chance.choice(list(RUNGS))

    def play(self, span_ms: int) -> None:
        self.position += span_ms
        self.clock += span_ms
        self.advanced += span_ms

    def hiccup(self) -> None:
        """Perhaps a stall, a seek or a change of rung before the next ten seconds."""
        if self.waits:
            lost = min(self.waits, self.chance.randint(200, 4000))
            self.waits -= lost
            self.stalled += lost
            self.clock += lost
            self.report("stalled")
        if self.chance.random() < SEEKS:
            self.position = self.chance.randrange(0, max(1, self.film.duration_ms - 1000))
            self.report("seeked")
        if self.chance.random() < SWITCHES:
            self.rung = self.chance.choice(list(RUNGS))
            self.report("switched")

    def ending(self) -> str:
        return "ended" if self.position >= self.film.duration_ms else "paused"

    def report(self, kind: str) -> None:
        throughput = round(RUNGS[self.rung] * self.chance.uniform(1.1, 3))
        self.beacons.append(
            Seen(len(self.beacons), kind, self.clock, self.position, self.advanced, self.stalled, self.rung, throughput)
        )
        self.advanced = self.stalled = 0
