"""The measure of things: what one writes by hand, `consume`, decode, count in a dict. Nothing survives its end."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import confluent_kafka
import fastavro

from tests.bench.engine_forms import Task, given, tell
from tests.bench.processor_time import Watch

LOT = 10_000


def measure(task: Task) -> tuple[Watch, Counter[str]]:
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": task.kafka, "group.id": task.name, "auto.offset.reset": "earliest",
            "enable.auto.commit": False, "fetch.message.max.bytes": 4_000_000, "queued.max.messages.kbytes": 65_536,
        }
    )  # fmt: skip
    consumer.subscribe([task.topic])
    schema: Any = fastavro.parse_schema(task.schema)
    done = 0
    watch, beacons, watched = Watch(), Counter[str](), Counter[str]()
    while done < task.events:
        for message in consumer.consume(LOT, 1.0):
            body = io.BytesIO(message.value() or b"")
            body.seek(5)
            beacon: Any = fastavro.schemaless_reader(body, schema, None)
            beacons[beacon["video_id"]] += 1
            watched[beacon["video_id"]] += beacon["advanced_ms"]
            done += 1
        if done and not watch.running:
            watch.start(done)
        consumer.commit(asynchronous=True)
    watch.stop(done)
    consumer.close()
    return watch, beacons


if __name__ == "__main__":
    tell(*measure(given()))
