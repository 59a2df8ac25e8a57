"""Ids of what a client starts. The same Idempotency-Key names the same thing, however often it is sent."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Iterable

from streams.event import natural_id

RANDOM = (1 << 62) - 1  # the last 62 bits of a UUIDv7 (RFC 9562, rand_b)


def video_id(owner: str, idempotency_key: str | None, now_ms: int | None = None) -> str:
    """A UUIDv7: when it was made, then chance; with a key its last 62 bits follow from owner and key."""
    now = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    chance = int.from_bytes(os.urandom(10), "big")
    if idempotency_key:
        chance = (chance & ~RANDOM) | _mark(owner, idempotency_key)
    return uuid7(now, chance)


def uuid7(now_ms: int, chance: int | None = None) -> str:
    """A UUIDv7 (RFC 9562, section 5.7) of a time and the last 80 bits, 74 of which stay."""
    value = (now_ms << 80) | (int.from_bytes(os.urandom(10), "big") if chance is None else chance)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    return str(uuid.UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62)))


def earlier(owner: str, idempotency_key: str, ids: Iterable[str]) -> str | None:
    """Which of an owner's `ids` was made for this key, if any."""
    mark = _mark(owner, idempotency_key)
    return next((known for known in ids if uuid.UUID(known).int & RANDOM == mark), None)


def first_since(when_ms: int) -> str:
    """Sorts before every UUIDv7 made at `when_ms` or later."""
    return str(uuid.UUID(int=max(when_ms, 0) << 80))


def command_id(kind: str, owner: str, idempotency_key: str | None) -> str:
    """The event id of a command: with a key always the same, so that what reads the log accepts it once."""
    return natural_id(kind, owner, idempotency_key) if idempotency_key else video_id("", None)


def completion_id(video_id: str, owner: str, idempotency_key: str | None, refused_at: int | None) -> str:
    """The event id of a completion. A key that was used before the last refusal (ms) asks anew after it."""
    since = f" {refused_at}" if refused_at else ""
    return command_id(f"complete-upload {video_id}{since}", owner, idempotency_key)


def _mark(owner: str, idempotency_key: str) -> int:
    digest = hashlib.sha256(f"{owner}\x1f{idempotency_key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") & RANDOM
