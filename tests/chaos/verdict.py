"""What is lost, doubled or out of order among the things that accounts must have."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

EXAMPLES = 12


@dataclass(frozen=True)
class Verdict:
    """How many there are, and `examples` of them in words: where to look when it happens once in a hundred runs."""

    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    examples: tuple[str, ...] = field(default=(), compare=False)

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.out_of_order + other.out_of_order,
            (*self.examples, *other.examples)[:EXAMPLES],
        )

    def __bool__(self) -> bool:
        """Is anything wrong?"""
        return any((self.lost, self.doubled, self.out_of_order))


Accounts = Mapping[str, Sequence[Hashable]]


def compared(wanted: Accounts, found: Accounts) -> Verdict:
    """What became of the things that each account must have, in this order."""
    names = sorted({*wanted, *found})
    return sum((_compared(name, wanted.get(name, ()), found.get(name, ())) for name in names), Verdict())


def _compared(name: str, wanted: Sequence[Hashable], found: Sequence[Hashable]) -> Verdict:
    """What must not be there at all counts as doubled."""
    places = {one: place for place, one in enumerate(wanted)}
    order = [places[one] for one in dict.fromkeys(found) if one in places]
    late = sum(after < before for before, after in pairwise(order))
    lost, doubled = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
    examples = [
        f"{name}: {what} {some[0]} to {some[-1]} of {len(wanted)} wanted, {len(found)} found"
        for what, some in (("lost", [*lost]), ("doubled", [*doubled]))
        if some
    ]
    if late:
        examples.append(f"{name}: out of order {late} times")
    return Verdict(lost.total(), doubled.total(), late, tuple(examples))


def by_account(found: Iterable[tuple[str, Hashable]]) -> dict[str, list[Hashable]]:
    accounts: dict[str, list[Hashable]] = defaultdict(list)
    for account, one in found:
        accounts[account].append(one)
    return dict(accounts)
