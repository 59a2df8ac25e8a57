"""Take the pictures of a video: poster, thumbnails, storyboard, preview.

In:      encode-tasks    (PicturesRequested; share group)
Out:     encode-reports  (PicturesMade, TaskFailed)
Repeat:  safe: a picture is named by its content; the fold takes the first report
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from processors.encoding.failures import task_failed
from processors.encoding.still_wanted import still_wanted
from processors.encoding.stored import IMMUTABLE
from processors.media.confined import confined
from processors.media.jobs import PicturesJob
from processors.media.limits import Crashed, LimitExceeded
from processors.media.made import PictureMade
from processors.media.model import Picture
from schemas.encode_reports import PicturesMade, TaskFailed, Thumbnail
from schemas.encode_tasks import PicturesRequested
from streams.event import Event, minutes, natural_id
from streams.objects import Blob, Objects
from streams.processor import work
from streams.reshape import reshape
from streams.rows import Rows

TYPES = {"jpg": "image/jpeg", "webp": "image/webp", "vtt": "text/vtt"}
logger = logging.getLogger(__name__)


@work(reads=PicturesRequested, emits=[PicturesMade, TaskFailed], failed=task_failed, time_limit=minutes(5))
async def make_pictures(task: PicturesRequested, objects: Objects, rows: Rows) -> AsyncIterator[Event]:
    """Decoded in a confined process. The poster comes first: where the rest is too much, there is that."""
    if not await still_wanted(rows, task):
        return
    pictures: list[Picture] = []
    source = await objects.source(task.store_key, task.etag)
    try:
        async with aclosing(confined(reshape(task, PicturesJob), source)) as messages:
            async for made in messages:
                if isinstance(made, PictureMade):
                    picture = made.picture
                    kind = TYPES[picture.key.rsplit(".", 1)[-1]]
                    await objects.put(Blob(picture.key, made.data, kind, IMMUTABLE))
                    pictures.append(picture)
    except (LimitExceeded, Crashed) as error:
        if not pictures:
            raise
        logger.warning("video %s has %d of its pictures: %s", task.video_id, len(pictures), error)
    yield report(task, pictures)


def report(task: PicturesRequested, pictures: Sequence[Picture]) -> PicturesMade:
    """What is stored, as one event: the poster at least. A storyboard without its WebVTT is none."""
    keys = {picture.kind: picture.key for picture in pictures}
    poster = next(picture for picture in pictures if picture.kind == "poster")
    moments = sorted((p for p in pictures if p.kind in ("poster", "thumbnail")), key=lambda picture: picture.at_ms)
    return reshape(
        task,
        PicturesMade,
        event_id=natural_id(task.task_id, "poster"),
        poster_key=poster.key,
        width=poster.width,
        height=poster.height,
        at_ms=poster.at_ms,
        thumbnails=[reshape(picture, Thumbnail) for picture in moments],
        sheets=[picture.key for picture in pictures if picture.kind == "sheet"] if "storyboard" in keys else [],
        storyboard_key=keys.get("storyboard"),
        preview_key=keys.get("preview"),
    )
