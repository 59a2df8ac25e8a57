"""When a player hands in its beacons, well-behaved or not. Pure: nothing is lost, much is repeated or late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from gateway.simulate.viewers import Habit
from gateway.simulate.watching import Seen

LATE_MS = 20_000
SHUFFLED = 4


@dataclass(frozen=True)
class Post:
    """One request: beacons to send, `after_ms` since the session began."""

    after_ms: int
    beacons: tuple[Seen, ...]


def posts(chance: Random, beacons: Sequence[Seen], habit: Habit) -> list[Post]:
    """The requests of one session, in the order they are sent. Every beacon is in at least one."""
    match habit:
        case "plain":
            return [Post(one.after_ms, (one,)) for one in beacons]
        case "twice":  # each request is made again: its answer was lost
            return [Post(one.after_ms, (one,)) for one in beacons for _ in range(2)]
        case "late":  # each beacon comes a while after it happened, and once more with the one before
            pairs = zip(beacons, [None, *beacons], strict=False)
            return [Post(one.after_ms + LATE_MS, (before, one) if before else (one,)) for one, before in pairs]
        case "shuffled":
            return _shuffled(chance, beacons)
        case "offline":  # nothing until the end, then all at once
            return [Post(beacons[-1].after_ms, tuple(beacons))]


def _shuffled(chance: Random, beacons: Sequence[Seen]) -> list[Post]:
    sent: list[Post] = []
    for start in range(0, len(beacons), SHUFFLED):
        some = list(beacons[start : start + SHUFFLED])
        at = some[-1].after_ms
        chance.shuffle(some)
        sent += [Post(at, (one,)) for one in some]
    return sent
