"""Who watches: tastes, whether signed in, and how well their player behaves. Pure, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

Habit = Literal["plain", "twice", "late", "shuffled", "offline"]
HABITS: tuple[Habit, ...] = get_args(Habit)
HABIT_SHARES = (0.5, 0.15, 0.1, 0.1, 0.15)
SIGNED_IN = 0.5
FAVOURITES = 3


@dataclass(frozen=True)
class Viewer:
    """`name`: the account's subject or the visitor's string. `tastes`: tag to liking, 0 to 1. `activity`: relative."""

    name: str
    signed_in: bool
    tastes: Mapping[str, float]
    habit: Habit
    activity: float


def viewers(count: int, tags: Sequence[str], seed: int) -> list[Viewer]:
    """As many viewers; each loves a few tags and is indifferent to the rest."""
    return [_viewer(Random(f"{seed} viewer {number}"), f"sim-{seed}-{number}", tags) for number in range(count)]


def _viewer(chance: Random, name: str, tags: Sequence[str]) -> Viewer:
    loved = chance.sample(tags, min(FAVOURITES, len(tags)))
    return Viewer(
        name=name,
        signed_in=chance.random() < SIGNED_IN,
        tastes={tag: chance.uniform(0.5, 1) if tag in loved else chance.uniform(0, 0.3) for tag in tags},
        habit=chance.choices(HABITS, HABIT_SHARES)[0],
        activity=chance.lognormvariate(0, 1),  # few do most of the watching
    )
