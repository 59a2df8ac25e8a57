"""What the supervisor runs: a program with a command, and a probe that proves it ready."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Probe = Callable[[], None]


def _nothing() -> None:
    """Most programs need no preparation."""


class NotReady(Exception):
    """A probe found that the program answers, but not yet as it should."""


@dataclass(frozen=True)
class Program:
    """One child process.

    `ready` blocks for a few seconds at most and raises while the program is not ready; the files in `clear`
    are removed before each start and after the end, so that nobody takes an earlier process's word. `prepare`
    writes what the program reads at its start. `dies_by`: the signal it gets when its supervisor has died.
    """

    name: str
    command: list[str]
    ready: Probe
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    port: int | None = None
    ready_within: float = 180
    stop_within: float = 25
    clear: tuple[Path, ...] = ()
    prepare: Callable[[], None] = _nothing
    dies_by: signal.Signals = signal.SIGKILL
