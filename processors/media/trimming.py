"""Which rungs of a title bring nothing: per-title trimming of the slower passes' ladders. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

ENOUGH_DB = 45.0  # from here on nobody sees a difference (Netflix, "Per-Title Encode Optimization", 2015)
STEP_DB = 0.5  # chosen: side by side, a step that brings less is hardly told from the one below


class Measured(Protocol):
    """What samples of a rung came to: its rate, and its likeness to the source, at the source's size."""

    @property
    def rendition(self) -> str: ...
    @property
    def kbps(self) -> int: ...
    @property
    def psnr(self) -> float: ...


class Saving(NamedTuple):
    """Rates of all rungs together, and of the dropped ones, which are neither encoded nor stored."""

    kbps: int
    saved_kbps: int


def superfluous(ladder: Sequence[Measured]) -> list[str]:
    """Of one codec's rungs, lowest first, those that bring nothing over the one below; never the lowest."""
    kept, dropped = list(ladder[:1]), list[str]()
    for rung in ladder[1:]:
        best = kept[-1]
        if best.psnr >= ENOUGH_DB or rung.psnr - best.psnr < STEP_DB:
            dropped.append(rung.rendition)
        else:
            kept.append(rung)
    return dropped


def saving(measured: Iterable[Measured], dropped: Iterable[str]) -> Saving:
    """What dropping these rungs saves."""
    rates = {rung.rendition: rung.kbps for rung in measured}
    return Saving(sum(rates.values()), sum(rates[name] for name in dropped))
