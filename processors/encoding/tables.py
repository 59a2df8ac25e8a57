"""What can be asked about encodes: one table a query."""

from __future__ import annotations

from streams.tables import Table

ENCODES = Table(
    "encodes",
    key={"video_id": "text"},
    columns={
        "encode_id": "text",
        "state": "text",  # running, completed, cancelled, failed
        "rungs": "list<text>",
        "audio": "boolean",
        "added": "list<text>",  # names of tracks that were made later and are complete
        "added_at": "bigint",
        "counts": "map<text,int>",  # segments of the tracks of the start
        "added_counts": "map<text,int>",  # segments of those that were made later
        "dropped": "list<text>",  # names of tracks that could not be made
        "trimmed": "list<text>",  # names of tracks that bring nothing
        "unplayed": "list<text>",  # names of tracks that were given up because nobody played them,
        "unplayed_of": "text",  # of this encode
        "next_encode_id": "text",  # of the encode that is to take this one's place
        "next_state": "text",  # running, failed
        "tracks": "text",  # JSON: [{name, kind, codec, …}]; empty in older encodes: the rungs and the audio
        "segments_planned": "int",
        "duration_ms": "bigint",
        "poster_key": "text",
        "poster_width": "int",
        "poster_height": "int",
        "thumbnails": "text",  # JSON: [{key, width, height, at_ms}], by time
        "storyboard_key": "text",
        "preview_key": "text",
        "code": "text",
        "reason": "text",
        "started_at": "bigint",
        "completed_at": "bigint",
    },
)

SEGMENTS = Table(
    "encoded_segments",
    key={"video_id": "text"},
    rows={"encode_id": "text", "rendition": "text", "number": "int"},
    columns={
        "object_key": "text",
        "init_key": "text",
        "codecs": "text",
        "bytes": "int",
        "start": "bigint",
        "duration": "bigint",
        "timescale": "int",
        "width": "int",
        "height": "int",
        "frame_rate": "double",
        "keyframes": "text",  # JSON: [{start, duration, offset, size}]
    },
)
