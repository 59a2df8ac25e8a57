"""What the gateway reads: tables by their keys, and the views that write them. A test holds it to `processors/`."""

from __future__ import annotations

from streams.tables import Index, Table

VIDEOS = Table("videos", key={"video_id": "text"}, columns={})
BY_OWNER = Table(
    "videos_by_owner", key={"owner": "text"}, rows={"created_at": "bigint", "video_id": "text"}, columns={},
    newest_first=True,
)  # fmt: skip
CAPTIONS = Table("captions", key={"video_id": "text"}, rows={"language": "text", "origin": "text"}, columns={})
CAPTIONS_BY_OWNER = Table(
    "captions_by_owner", key={"owner": "text"}, rows={"video_id": "text", "language": "text"}, columns={}
)
UPLOADS = Table("uploads", key={"video_id": "text"}, columns={})
UPLOADS_BY_OWNER = Table("uploads_by_owner", key={"owner": "text"}, rows={"video_id": "text"}, columns={})
ENCODES = Table("encodes", key={"video_id": "text"}, columns={})
SEGMENTS = Table(
    "encoded_segments", key={"video_id": "text"},
    rows={"encode_id": "text", "rendition": "text", "number": "int"}, columns={},
)  # fmt: skip
TIMELINE = Table(
    "timeline", key={"video_id": "text"},
    rows={"at": "bigint", "topic": "text", "partition": "int", "offset": "bigint"}, columns={},
)  # fmt: skip
VIEWER_RATINGS = Table("viewer_ratings", key={"viewer_id": "text"}, columns={})
SCORES = Table("scores", key={"video_id": "text"}, columns={})
VIEW_TOTALS = Table("video_views", key={"video_id": "text"}, rows={"partition": "int"}, columns={})
VIEWS_BY_HOUR = Table(
    "views_by_hour", key={"video_id": "text"}, rows={"hour": "bigint", "partition": "int"}, columns={}
)
WATCHED_BY_HOUR = Table(
    "watched_by_hour", key={"video_id": "text"}, rows={"hour": "bigint", "partition": "int"}, columns={}
)
WATCHED_BY_MINUTE = Table(
    "watched_by_minute", key={"video_id": "text", "day": "bigint"}, rows={"minute": "bigint", "partition": "int"},
    columns={},
)  # fmt: skip
CO_WATCHES = Table(
    "co_watches", key={"video_id": "text"}, rows={"with_video_id": "text", "partition": "int"}, columns={},
    newest_first=True,
)  # fmt: skip
RECENT_WATCHES = Table(
    "recent_watches", key={"viewer_id": "text"}, rows={"watched_at": "bigint", "video_id": "text"}, columns={},
    newest_first=True,
)  # fmt: skip
ACCOUNTS = Table("accounts", key={"account_id": "text"}, columns={})
FOUND = Index("videos", key="video_id", fields={})

UPLOAD_VIEWS = ("show_upload",)
OWNER_UPLOAD_VIEWS = ("list_uploads_by_owner", "show_upload")
VIDEO_VIEWS = ("show_video", "show_upload", "show_encode", "list_encoded_segments", "list_captions", "total_views")
SCORE_VIEWS = ("settle_rating", "score_video")
LIBRARY_VIEWS = ("list_by_owner", *VIDEO_VIEWS)
TIMELINE_VIEWS = ("show_timeline",)
ANALYTICS_VIEWS = ("total_views", "tally_views", "tally_minutes", "chart_minutes")
SUGGEST_VIEWS = ("find_videos", "show_video")
SEARCH_VIEWS = (*SUGGEST_VIEWS, "total_views")
RECOMMENDING_VIEWS = ("show_video", "list_watches", "settle_rating", "count_co_watches", "find_videos")

TOPICS_OF: dict[str, tuple[str, ...]] = {
    "show_upload": ("uploads",),
    "list_uploads_by_owner": ("uploads",),
    "show_video": ("videos",),
    "list_by_owner": ("videos",),
    "list_captions": ("videos",),
    "list_captions_by_owner": ("videos",),
    "find_videos": ("videos", "trends"),
    "list_watches": ("watches",),
    "settle_rating": ("ratings",),
    "score_video": ("video-ratings",),
    "count_co_watches": ("co-watches",),
    "show_encode": ("encodes",),
    "list_encoded_segments": ("encodes",),
    "total_views": ("view-counts",),
    "tally_views": ("view-counts",),
    "tally_minutes": ("playback",),
    "chart_minutes": ("playback",),
    "show_timeline": ("uploads", "videos", "encodes", "edge-actions", "storage-actions"),
}
