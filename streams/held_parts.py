"""Which parts of an object are there, and which ones exactly: as ranges and one sum, however many they are. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

MODULUS = 1 << 256


class Held(msgspec.Struct, frozen=True):
    """`ranges`: first and last number of each run of parts, in order. `digest` follows from their numbers and ETags.

    Two of equal ranges and digests are of the same parts: the digest is the sum of a SHA-256 a part, so it doesn't
    depend on the order in which they came, and one part more costs the same whether it is the second or the 10,000th.
    """

    ranges: tuple[int, ...] = ()
    digest: str = ""

    def __contains__(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self._runs())

    @property
    def leading(self) -> int:
        """How many parts there are without a gap, from the first one on."""
        return self.ranges[1] if self.ranges[:1] == (1,) else 0

    @property
    def count(self) -> int:
        return sum(last - first + 1 for first, last in self._runs())

    def plus(self, number: int, etag: str) -> Held:
        """With one part more, which must not be among them."""
        runs = sorted([*self._runs(), (number, number)])
        joined = [runs[0]]
        for first, last in runs[1:]:
            if first == joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], last)
            else:
                joined.append((first, last))
        total = (int(self.digest or "0", 16) + _mark(number, etag)) % MODULUS
        return Held(tuple(number for run in joined for number in run), f"{total:064x}")

    def _runs(self) -> list[tuple[int, int]]:
        return list(zip(self.ranges[::2], self.ranges[1::2], strict=True))


def held(parts: Mapping[int, str] | Iterable[tuple[int, str]]) -> Held:
    """These parts, ETag by number."""
    found = Held()
    for number, etag in sorted(dict(parts).items()):
        found = found.plus(number, etag)
    return found


def _mark(number: int, etag: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{number}\x1f{etag}".encode()).digest(), "big")
