"""When a video was created: its id says so."""

from __future__ import annotations

import uuid


def created_at(video_id: str) -> int:
    """Milliseconds since 1970 in a UUIDv7 (RFC 9562, section 5.7: the first 48 bits). Raises ValueError for no UUID."""
    return uuid.UUID(video_id).int >> 80
