"""What the gateway reads: tables by their keys, and the views that write them. A test holds it to `processors/`."""

from __future__ import annotations

from streams.tables import Index, Table

VIDEOS = Table("videos", key={"video_id": "text"}, columns={})
BY_OWNER = Table(
    "videos_by_owner", key={"owner": "text"}, rows={"created_at": "bigint", "video_id": "text"}, columns={},
    newest_first=True,
)  # fmt: skip
UPLOADS = Table("uploads", key={"video_id": "text"}, columns={})
UPLOADS_BY_OWNER = Table("uploads_by_owner", key={"owner": "text"}, rows={"video_id": "text"}, columns={})
ENCODES = Table("encodes", key={"video_id": "text"}, columns={})
SEGMENTS = Table("segments", key={"video_id": "text"}, rows={"rendition": "text", "number": "int"}, columns={})
TIMELINE = Table(
    "timeline", key={"video_id": "text"},
    rows={"at": "bigint", "topic": "text", "partition": "int", "offset": "bigint"}, columns={},
)  # fmt: skip
VIEWER_RATINGS = Table("viewer_ratings", key={"viewer_id": "text"}, columns={})
SCORES = Table("scores", key={"video_id": "text"}, columns={})
FOUND = Index("videos", key="video_id", fields={})

UPLOAD_VIEWS = ("show_upload",)
OWNER_UPLOAD_VIEWS = ("list_uploads_by_owner", "show_upload")
VIDEO_VIEWS = ("show_video", "show_upload", "show_encode", "list_segments")
LIBRARY_VIEWS = ("list_by_owner", *VIDEO_VIEWS)
TIMELINE_VIEWS = ("show_timeline",)
SEARCH_VIEWS = ("find_videos",)

TOPICS_OF: dict[str, tuple[str, ...]] = {
    "show_upload": ("uploads",),
    "list_uploads_by_owner": ("uploads",),
    "show_video": ("videos",),
    "list_by_owner": ("videos",),
    "find_videos": ("videos", "trends"),
    "show_encode": ("encodes",),
    "list_segments": ("encodes",),
    "show_timeline": ("uploads", "videos", "encodes"),
}
