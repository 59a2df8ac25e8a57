"""Who may write a column."""

from __future__ import annotations

import pytest

from schemas.uploads import UploadAborted
from schemas.videos import VideoDeleted
from streams.owners import Owners
from streams.processor import ProcessorError, view
from streams.tables import Table, Write

PLAIN = Table("plain", key={"video_id": "text"}, columns={"a": "text"})
APART = Table("apart", key={"video_id": "text"}, rows={"topic": "text"}, columns={"a": "text"})


@view(reads=[UploadAborted, VideoDeleted], into=[PLAIN, APART])
def note(event: UploadAborted | VideoDeleted) -> Write:
    return PLAIN.put(video_id=event.video_id, a="x")


def test_two_topics_may_not_write_one_column() -> None:
    owners = Owners()
    owners.claim(note, "uploads", [PLAIN.put(video_id="v", a="x")])
    with pytest.raises(ProcessorError, match=r"plain\.a is written by note from uploads and by note from videos"):
        owners.claim(note, "videos", [PLAIN.put(video_id="v", a="x")])


def test_rows_that_name_their_topic_are_apart() -> None:
    owners = Owners()
    for topic in ("uploads", "videos"):
        owners.claim(note, topic, [APART.put(video_id="v", topic=topic, a="x")])


def test_a_row_may_not_name_another_topic() -> None:
    owners = Owners()
    owners.claim(note, "uploads", [APART.put(video_id="v", topic="videos", a="x")])
    with pytest.raises(ProcessorError):
        owners.claim(note, "videos", [APART.put(video_id="v", topic="uploads", a="x")])
