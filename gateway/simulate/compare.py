"""What is shown beside what is true: how many were compared, and which differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gateway.simulate.truth import Key, Numbers

SAME_AS = {"views on the video": "views", "ratings on the video": "ratings", "stars kept": "stars"}

PASSING_BY = frozenset({"views by hour", "watched ms by hour", "watched ms by minute"})


@dataclass
class Compared:
    """One view: how many of its answers were compared, and the differences in words."""

    view: str
    compared: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def look(self, right: bool, difference: str) -> None:
        self.compared += 1
        if not right:
            self.wrong.append(difference)


def compare(views: Iterable[str], truth: Numbers, shown: Numbers, before: Numbers) -> list[Compared]:
    """Of each view, every key that is true or shown. `before`: what was shown before the simulation began."""
    expected = _shown_twice(truth)
    return [_compared(view, expected, shown, before) for view in sorted(views)]


def _compared(view: str, truth: Mapping[Key, int], shown: Numbers, before: Numbers) -> Compared:
    found = Compared(view)
    earlier = () if view in PASSING_BY else before  # what has left the window by now is not shown, and not lost
    for key in sorted(key for key in {*truth, *shown, *earlier} if key[0] == view):
        wanted, got = truth.get(key, 0) + before.get(key, 0), shown.get(key, 0)
        found.look(got == wanted, f"{view} of {' '.join(key[1:])}: {got} shown, {wanted} true")
    return found


def _shown_twice(truth: Numbers) -> dict[Key, int]:
    again = {(view, *key[1:]): number for view, of in SAME_AS.items() for key, number in truth.items() if key[0] == of}
    return {**truth, **again}


def wrong(found: Iterable[Compared]) -> list[str]:
    """All differences."""
    return [difference for view in found for difference in view.wrong]
