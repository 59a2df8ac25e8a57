"""Take the poster of a video.

In:      encode-tasks    (PicturesRequested; share group)
Out:     encode-reports  (PicturesMade, TaskFailed)
Repeat:  safe: a picture is named by its content; the fold takes the first report
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from processors.encoding.failures import task_failed
from processors.encoding.still_wanted import still_wanted
from processors.encoding.stored import IMMUTABLE
from processors.media.confined import confined
from processors.media.jobs import PicturesJob
from processors.media.made import PictureMade
from schemas.encode_reports import PicturesMade, TaskFailed
from schemas.encode_tasks import PicturesRequested
from streams.event import Event, minutes, natural_id
from streams.objects import Blob, Objects
from streams.processor import work
from streams.reshape import reshape
from streams.rows import Rows


@work(reads=PicturesRequested, emits=[PicturesMade, TaskFailed], failed=task_failed, time_limit=minutes(5))
async def make_pictures(task: PicturesRequested, objects: Objects, rows: Rows) -> AsyncIterator[Event]:
    """The least blank of several frames, decoded in a confined process."""
    if not await still_wanted(rows, task.video_id):
        return
    async with aclosing(
        confined(reshape(task, PicturesJob), await objects.source(task.store_key, task.etag))
    ) as messages:
        async for made in messages:
            if isinstance(made, PictureMade):
                picture = made.picture
                await objects.put(Blob(picture.key, made.data, "image/jpeg", IMMUTABLE))
                yield reshape(
                    task,
                    PicturesMade,
                    event_id=natural_id(task.task_id, picture.kind),
                    poster_key=picture.key,
                    width=picture.width,
                    height=picture.height,
                    at_ms=picture.at_ms,
                )
