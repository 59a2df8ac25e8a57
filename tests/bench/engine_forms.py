"""What each form of the engine's bench is told, and what it says: one JSON object each way."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.bench.processor_time import Watch


class Task(NamedTuple):
    """Count the first `events` of `topic` by video. `name` is new each time; `schema` is the writer's."""

    kafka: str
    topic: str
    name: str
    events: int
    schema: dict[str, Any]
    folder: str


def given() -> Task:
    """The task of this process."""
    return Task(*json.loads(sys.argv[1]))


def tell(watch: Watch, beacons: Mapping[str, int]) -> None:
    """The answer: the last line on the standard output, past Faust, which turns what is printed into log lines."""
    os.write(1, json.dumps({**watch.figures, "beacons": dict(beacons)}).encode() + b"\n")
