"""The same in plain Faust: an agent that counts in a table, whose changelog Faust writes.

It counts by video what is keyed by session, which is right for as long as one process has all partitions and is never
started again: a changelog partition holds sums over all of them. To survive that it would have to `group_by` first,
which sends each event through Kafka once more; it is let off.
"""

from __future__ import annotations

import io
import itertools
import os
import sys
from typing import Any

import fastavro
import faust

from tests.bench.engine_forms import Task, given, tell
from tests.bench.processor_time import Watch


def application(task: Task) -> Any:
    """Settings as generous as the documentation allows: large buffers, few commits, no web server."""
    os.environ["NO_COLOR"] = "1"
    app: Any = faust.App(
        f"{task.topic}-{task.name}",  # an earlier bench on these servers left a changelog, which would be counted in
        broker=f"kafka://{task.kafka}",
        store="memory://",
        datadir=task.folder,
        topic_replication_factor=1,
        topic_partitions=4,
        topic_disable_leader=True,
        web_enabled=False,
        stream_buffer_maxsize=65_536,
        broker_max_poll_records=10_000,
        producer_linger=0.02,
        producer_max_batch_size=262_144,
        processing_guarantee="at_least_once",
    )
    schema: Any = fastavro.parse_schema(task.schema)
    beacons = app.Table("beacons", default=int, partitions=4)
    watched = app.Table("watched", default=int, partitions=4)
    watch, numbers = Watch(), itertools.count(1)  # Faust may begin the agent anew when the group has settled

    @app.agent(app.topic(task.topic, key_serializer="raw", value_serializer="raw", partitions=4))
    async def count(stream: Any) -> None:
        async for value in stream:
            body = io.BytesIO(value)
            body.seek(5)
            beacon: Any = fastavro.schemaless_reader(body, schema, None)
            beacons[beacon["video_id"]] += 1
            watched[beacon["video_id"]] += beacon["advanced_ms"]
            done = next(numbers)
            if not watch.running:
                watch.start(done)
            if done == task.events:
                watch.stop(done)
                tell(watch, beacons)
                os._exit(0)

    assert count is not None
    return app


if __name__ == "__main__":
    made = application(given())
    sys.argv = ["faust", "worker", "--loglevel", "error", "--without-web"]
    made.main()
