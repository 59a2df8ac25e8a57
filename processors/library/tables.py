"""What can be asked about videos: one table (or index) a query."""

from __future__ import annotations

from streams.tables import Table

VIDEOS = Table(
    "videos",
    key={"video_id": "text"},
    columns={
        "owner": "text",
        "title": "text",
        "description": "text",
        "tags": "list<text>",
        "category": "text",
        "language": "text",
        "visibility": "text",
        "poster_at_ms": "bigint",  # the chosen thumbnail; -1: none was chosen
        "created_at": "bigint",
        "state_videos": "text",  # described, probed, rejected, playable, published, failed
        "playable": "boolean",
        "deleted": "boolean",
        "duration_ms": "bigint",
        "width": "int",
        "height": "int",
        "frame_rate": "double",
        "chapters": "text",  # JSON: [{start_ms, end_ms, title}]
        "code": "text",
        "reason": "text",
        "published_at": "bigint",
        "concealed": "int",  # damaged places of the source
    },
)

CAPTIONS = Table(
    "captions",
    key={"video_id": "text"},
    rows={"language": "text", "origin": "text"},
    columns={"label": "text", "object_key": "text", "bytes": "int", "cues": "int"},
)

CAPTIONS_BY_OWNER = Table(
    "captions_by_owner",
    key={"owner": "text"},
    rows={"video_id": "text", "language": "text"},
    columns={"bytes": "bigint"},
)

VIDEOS_BY_OWNER = Table(
    "videos_by_owner",
    key={"owner": "text"},
    rows={"created_at": "bigint", "video_id": "text"},
    columns={"title": "text", "deleted": "boolean"},
    newest_first=True,
)

TIMELINE = Table(
    "timeline",
    key={"video_id": "text"},
    rows={"at": "bigint", "topic": "text", "partition": "int", "offset": "bigint"},
    columns={"type": "text", "event_id": "text", "causation_id": "text", "body": "text"},
)
