"""List the captions of a video.

In:      videos    (CaptionAdded, CaptionRemoved, VideoDeleted, by video)
Into:    captions  (a row a language and origin)
Replay:  safe: cells are written, and rows cleared, in the order of the topic
"""

from __future__ import annotations

from processors.library.tables import CAPTIONS
from schemas.videos import CaptionAdded, CaptionRemoved, VideoDeleted
from streams.processor import view
from streams.tables import Write


@view(reads=[CaptionAdded, CaptionRemoved, VideoDeleted], into=CAPTIONS)
def list_captions(event: CaptionAdded | CaptionRemoved | VideoDeleted) -> Write:
    """What was embedded doesn't overwrite what the owner uploads; removing a language removes both."""
    match event:
        case CaptionAdded():
            return CAPTIONS.put(
                video_id=event.video_id,
                language=event.language,
                origin=event.origin,
                label=event.label,
                object_key=event.key,
                bytes=event.bytes,
                cues=event.cues,
            )
        case CaptionRemoved():
            return CAPTIONS.clear(video_id=event.video_id, language=event.language)
        case VideoDeleted():
            return CAPTIONS.clear(video_id=event.video_id)
