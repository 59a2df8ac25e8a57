"""What recommendations are read from."""

from __future__ import annotations

from streams.tables import Table

CO_WATCHES = Table(
    "co_watches",
    key={"video_id": "text"},
    rows={"with_video_id": "text", "partition": "int"},
    columns={"viewers": "bigint"},
    newest_first=True,  # of a video watched with very many, the newest are read
)
