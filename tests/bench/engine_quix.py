"""The same with Quix Streams: grouped by video, counted in its state. Runs in an environment of its own."""

from __future__ import annotations

import io
import itertools
import os
from collections import Counter
from typing import Any

import fastavro
from quixstreams import Application  # pyright: ignore[reportMissingImports]: not in this environment
from quixstreams.models.serializers import Deserializer  # pyright: ignore[reportMissingImports]: as above

from tests.bench.engine_forms import Task, given, tell
from tests.bench.processor_time import Watch


def measure(task: Task) -> None:
    """Quix counts until it is stopped: the last event ends the process."""
    schema: Any = fastavro.parse_schema(task.schema)

    class Beacon(Deserializer):  # pyright: ignore[reportUntypedBaseClass]: as above
        def __call__(self, value: bytes, ctx: Any) -> Any:
            body = io.BytesIO(value)
            body.seek(5)
            beacon: Any = fastavro.schemaless_reader(body, schema, None)
            return {"video": beacon["video_id"], "watched": beacon["advanced_ms"]}

    app = Application(
        broker_address=task.kafka,
        consumer_group=task.name,
        auto_offset_reset="earliest",
        state_dir=task.folder,
        loglevel="ERROR",
        consumer_extra_config={"fetch.queue.backoff.ms": 10},
    )
    frame = app.dataframe(app.topic(task.topic, key_deserializer="bytes", value_deserializer=Beacon()))
    watch, beacons = Watch(), Counter[str]()
    numbers = itertools.count(1)

    def count(beacon: Any, state: Any) -> None:
        number, watched = state.get("totals") or (0, 0)
        state.set("totals", (number + 1, watched + beacon["watched"]))
        beacons[beacon["video"]] += 1
        done = next(numbers)
        if not watch.running:
            watch.start(done)
        if done == task.events:
            watch.stop(task.events)
            tell(watch, beacons)
            os._exit(0)

    frame = frame.group_by("video")
    frame.update(count, stateful=True)
    app.run()


if __name__ == "__main__":
    measure(given())
