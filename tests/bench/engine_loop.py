"""The measure of things: what one writes by hand, `consume`, decode, count in a dict. Nothing survives its end."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections import Counter
from typing import Any

import confluent_kafka
import fastavro

from deploy.assembly import platform
from streams.codec import Codec, wire_id
from streams.settings import Settings
from tests.bench.processor_time import Watch

LOT = 10_000


def measure(settings: Settings, group: str, codec: Codec, events: int) -> tuple[Watch, Counter[str]]:
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": settings.kafka, "group.id": group, "auto.offset.reset": "earliest",
            "enable.auto.commit": False, "fetch.message.max.bytes": 4_000_000, "queued.max.messages.kbytes": 65_536,
        }
    )  # fmt: skip
    consumer.subscribe([settings.named("playback")])
    parsed: Any = None
    done = 0
    watch, beacons, watched = Watch(), Counter[str](), Counter[str]()
    while done < events:
        for message in consumer.consume(LOT, 1.0):
            value = message.value() or b""
            parsed = parsed or fastavro.parse_schema(codec.schemas(wire_id(value))[0])
            body = io.BytesIO(value)
            body.seek(5)
            beacon: Any = fastavro.schemaless_reader(body, parsed, None)
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
    number, events = map(int, sys.argv[1:])
    made = platform(Settings.from_environment())
    watch, beacons = measure(made.settings, f"loop-{number}", asyncio.run(made.codec()), events)
    print(json.dumps({**watch.figures, "beacons": beacons}))
