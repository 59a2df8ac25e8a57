"""Whether OpenSearch could look everywhere. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streams.sinks import SinkDown


def require_whole(answer: Mapping[str, Any]) -> None:
    """Raises SinkDown for an answer to a search that ran out of time, or into shards that failed: hits are missing."""
    shards = answer["_shards"]
    if answer["timed_out"]:
        raise SinkDown(f"OpenSearch ran out of time and answered a search in part only: {shards}")
    if shards["failed"]:
        reasons = str(shards.get("failures", ""))[:300]
        raise SinkDown(f"OpenSearch could not search {shards['failed']} of {shards['total']} shards: {reasons}")
