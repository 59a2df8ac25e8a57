"""What is lost, doubled or out of order among the things that accounts must have."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Verdict:
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(self.lost + other.lost, self.doubled + other.doubled, self.out_of_order + other.out_of_order)

    def __bool__(self) -> bool:
        """Is anything wrong?"""
        return any((self.lost, self.doubled, self.out_of_order))


Accounts = Mapping[str, Sequence[Hashable]]


def compared(wanted: Accounts, found: Accounts) -> Verdict:
    """What became of the things that each account must have, in this order."""
    return sum((_compared(wanted.get(name, ()), found.get(name, ())) for name in {*wanted, *found}), Verdict())


def _compared(wanted: Sequence[Hashable], found: Sequence[Hashable]) -> Verdict:
    """What must not be there at all counts as doubled."""
    places = {one: place for place, one in enumerate(wanted)}
    order = [places[one] for one in dict.fromkeys(found) if one in places]
    late = sum(after < before for before, after in pairwise(order))
    return Verdict((Counter(wanted) - Counter(found)).total(), (Counter(found) - Counter(wanted)).total(), late)


def by_account(found: Iterable[tuple[str, Hashable]]) -> dict[str, list[Hashable]]:
    accounts: dict[str, list[Hashable]] = defaultdict(list)
    for account, one in found:
        accounts[account].append(one)
    return dict(accounts)
