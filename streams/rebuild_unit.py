"""What is rebuilt together: a table shows what several processors write, each its own columns, so all of them are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from streams.graph import targets
from streams.processor import Fold, Processor, ProcessorError, Tally, View
from streams.tables import Index, Table
from streams.versions import member


@dataclass(frozen=True)
class Unit:
    """Processors that share, directly or through others, a table or an index; and all that they write into."""

    processors: tuple[Fold | Tally | View, ...]

    @property
    def tables(self) -> Sequence[Table]:
        return list({t.name: t for p in self.processors for t in targets(p) if isinstance(t, Table)}.values())

    @property
    def indexes(self) -> Sequence[Index]:
        return list({t.name: t for p in self.processors for t in targets(p) if isinstance(t, Index)}.values())

    @property
    def states(self) -> Sequence[Fold | Tally]:
        return [p for p in self.processors if isinstance(p, Fold | Tally)]

    @property
    def members(self) -> tuple[str, ...]:
        """By what name each has its version; they all flip at once."""
        return tuple(member(of) for of in (*(p.name for p in self.processors), *self.tables, *self.indexes))


def unit_of(processors: Sequence[Processor], chosen: Processor) -> Unit:
    """The unit of `chosen`; raises ProcessorError for a work, which keeps nothing that could be rebuilt."""
    if chosen.kind == "work":
        raise ProcessorError(f"{chosen.name} is a work: it shows nothing and has no state, there is nothing to rebuild")
    others = [p for p in processors if p.kind != "work"]
    unit = [chosen]
    for one in unit:  # grows on the way
        shared = {member(target) for target in targets(one)}
        unit += [p for p in others if p not in unit and shared & {member(target) for target in targets(p)}]
    return Unit(tuple(p for p in others if p in unit))
