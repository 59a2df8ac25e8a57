"""A fault armed in a worker: at one step of the commit path the process kills or freezes itself.

The engine knows nothing of this: its own steps are wrapped, so a step that is gone or renamed is an error here.
"""

from __future__ import annotations

import functools
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer

from streams.partition import Partition
from streams.state_partition import StatePartition
from streams.stores import Stores
from streams.succession import Succession
from streams.transactions import Transactions

Strike = Callable[[], None]


@dataclass(frozen=True)
class Fault:
    """At `point`, a share `odds` of the passes meets `signal`: SIGKILL, or once SIGSTOP."""

    point: str
    odds: float = 0.5
    signal: signal.Signals = signal.SIGKILL


class Step(NamedTuple):
    """A step of the engine; a fault strikes after it, or before it, once the broker has what `sent` has to deliver."""

    owner: Any
    name: str
    before: bool = False
    sent: Callable[[Any], Any] | None = None


POINTS = {
    "fenced": Step(Transactions, "start"),
    "recovered": Step(Succession, "recovered"),
    "rows written": Step(Stores, "write"),
    "emitted": Step(Transactions, "_log", before=True, sent=lambda transactions: transactions._producer),
    "changelogged": Step(AIOKafkaProducer, "commit_transaction", before=True, sent=lambda producer: producer),
    "committed": Step(Transactions, "commit"),
    "stored": Step(StatePartition, "_transact"),
    "hinted": Step(Partition, "_take"),  # the group has not committed the offset yet
}


def arm(fault: Fault, struck: Path) -> None:
    """Have this process strike itself; the file `struck` is told first."""
    done: list[Fault] = []

    def strike() -> None:
        if not done and random.random() < fault.odds:
            done.append(fault)
            with struck.open("a") as told:
                told.write(f"{fault.point} {fault.signal.name}\n")
            os.kill(os.getpid(), fault.signal)

    _wrap(POINTS[fault.point], strike)


def _wrap(step: Step, strike: Strike) -> None:
    original = getattr(step.owner, step.name)

    @functools.wraps(original)
    async def wrapped(*given: Any, **named: Any) -> Any:
        if step.sent is not None:
            await step.sent(given[0]).flush()
        if step.before:
            strike()
        answer = await original(*given, **named)
        if not step.before:
            strike()
        return answer

    setattr(step.owner, step.name, wrapped)
