"""Whose turn it is to read, of the processors of a topology."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Turn(NamedTuple):
    """Who reads next: the number of the reader, how many of its records it takes, and whether it dies over them first:
    its work is lost, and another goes on from the changelog."""

    reader: int
    records: int
    dies: bool = False


class RoundRobin:
    """One reader after the other takes all that waits for it."""

    def __init__(self) -> None:
        self._last = -1

    def __call__(self, waiting: Sequence[int]) -> Turn:
        count = len(waiting)
        order = [(self._last + 1 + step) % count for step in range(count)]
        self._last = next(number for number in order if waiting[number])
        return Turn(self._last, waiting[self._last])
