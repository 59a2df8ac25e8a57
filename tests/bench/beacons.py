"""A million playback beacons in the log: sessions that watch popular videos, some beacons sent twice."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate

import confluent_kafka

from schemas.playback import PlaybackBeacon
from streams.codec import Codec
from streams.event import natural_id
from streams.settings import Settings

SESSIONS, VIDEOS, EACH = 50_000, 5_000, 20
TWICE = 0.01
BEGUN = 1_764_000_000_000  # ms


@dataclass
class Truth:
    """What was sent: beacons by video with repeats and without, and in all."""

    sent: Counter[str] = field(default_factory=Counter[str])
    once: Counter[str] = field(default_factory=Counter[str])

    @property
    def events(self) -> int:
        return self.sent.total()


def pour(settings: Settings, codec: Codec) -> Truth:
    """Write the beacons, every session in its order and all of them interleaved, as a busy evening does."""
    chance, truth = random.Random(7), Truth()
    popularity = list(accumulate(1 / (rank + 1) for rank in range(VIDEOS)))
    videos = [natural_id("bench", rank) for rank in range(VIDEOS)]
    sessions = [
        (natural_id("session", number), chance.choices(videos, cum_weights=popularity)[0]) for number in range(SESSIONS)
    ]
    producer = confluent_kafka.Producer(
        {"bootstrap.servers": settings.kafka, "linger.ms": 20, "batch.size": 500_000, "enable.idempotence": True}
    )
    for sequence in range(EACH):
        chance.shuffle(sessions)
        for session_id, video_id in sessions:
            value = codec.encode(_beacon(session_id, video_id, sequence, chance))
            truth.once[video_id] += 1
            for _ in range(2 if chance.random() < TWICE else 1):
                truth.sent[video_id] += 1
                _produce(producer, settings.named("playback"), session_id, value)
    producer.flush()
    return truth


def _beacon(session_id: str, video_id: str, sequence: int, chance: random.Random) -> PlaybackBeacon:
    return PlaybackBeacon(
        event_id=f"{session_id[:-4]}{sequence:04x}",
        occurred_at=BEGUN + sequence * 10_000 + chance.randrange(10_000),
        session_id=session_id,
        sequence=sequence,
        video_id=video_id,
        viewer_id=f"anon-{session_id[:12]}",
        kind="started" if sequence == 0 else "ended" if sequence == EACH - 1 else "playing",
        position_ms=sequence * 10_000,
        advanced_ms=10_000,
        duration_ms=EACH * 10_000,
        buffer_ms=chance.randrange(30_000),
        rendition=chance.choice(("360p", "540p", "720p", "1080p")),
        throughput_kbps=chance.randrange(20_000),
    )


def _produce(producer: confluent_kafka.Producer, topic: str, key: str, value: bytes) -> None:
    while True:
        try:
            producer.produce(topic, value, key)
        except BufferError:
            producer.poll(0.05)
        else:
            producer.poll(0)
            return
