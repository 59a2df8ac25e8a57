"""Make a video of an announced upload: its first description.

In:      uploads  (UploadStarted, by video)
Out:     videos   (VideoDescribed, by video)
State:   none
Replay:  safe: the same announcement gives the same description, with the same id
"""

from __future__ import annotations

from schemas.uploads import UploadStarted
from schemas.videos import VideoDescribed
from streams.processor import fold


@fold(reads=UploadStarted, emits=VideoDescribed)
def introduce_video(started: UploadStarted) -> list[VideoDescribed]:
    """Forwarded, because the library reads one topic: what a video is."""
    return [
        VideoDescribed(
            video_id=started.video_id,
            owner=started.owner,
            title=started.title,
            description=started.description,
            tags=started.tags,
            category=started.category,
            language=started.language,
            visibility=started.visibility,
        )
    ]
