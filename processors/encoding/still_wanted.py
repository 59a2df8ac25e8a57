"""Whether an encode's task is still worth doing: a hint, looked up in a view; the fold decides all the same."""

from __future__ import annotations

from processors.encoding.tables import ENCODES
from streams.rows import Rows
from streams.sinks import SinkDown

OVER = ("cancelled", "failed")


async def still_wanted(rows: Rows, video_id: str) -> bool:
    """False where the video's encode was cancelled or has failed. Unknown is wanted."""
    try:
        encode = await rows.get(ENCODES, video_id=video_id)
    except SinkDown:
        return True
    return encode is None or encode["state"] not in OVER
