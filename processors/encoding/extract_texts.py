"""Take the text tracks out of a source, as WebVTT files.

In:      encode-tasks-later  (TextsRequested; share group)
Out:     encode-reports      (TextsExtracted, TaskFailed)
Repeat:  safe: files are named by their content; the fold takes the first report
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import aclosing

from processors.encoding.failures import task_failed
from processors.encoding.still_wanted import still_wanted
from processors.encoding.stored import IMMUTABLE
from processors.encoding.time_limits import LATER
from processors.media.confined import confined
from processors.media.jobs import TextsJob
from processors.media.languages import UNKNOWN, known_language
from processors.media.made import TextMade
from processors.media.names import text_key
from schemas.encode_reports import TaskFailed, Text, TextsExtracted
from schemas.encode_tasks_later import TextsRequested
from streams.event import Event, natural_id
from streams.objects import Blob, Objects
from streams.processor import work
from streams.reshape import reshape
from streams.rows import Rows


@work(reads=TextsRequested, emits=[TextsExtracted, TaskFailed], failed=task_failed, time_limit=LATER)
async def extract_texts(task: TextsRequested, objects: Objects, rows: Rows) -> AsyncIterator[Event]:
    """All of them from one look at the source, in a confined process."""
    if not await still_wanted(rows, task):
        return
    languages = {stream.index: stream.language for stream in task.texts}
    texts = dict[str, Text]()
    job = TextsJob(streams=list(languages))
    async with aclosing(confined(job, await objects.source(task.store_key, task.etag))) as messages:
        async for made in messages:
            if isinstance(made, TextMade):
                language = own_tag(known_language(languages[made.stream]) or UNKNOWN, texts)
                key = text_key(task.video_id, language, made.data)
                await objects.put(Blob(key, made.data, "text/vtt", IMMUTABLE))
                texts[language] = Text(language=language, key=key, bytes=len(made.data), cues=made.cues)
    event_id = natural_id(task.task_id, "texts")
    yield reshape(task, TextsExtracted, event_id=event_id, texts=tuple(texts.values()))


def own_tag(language: str, taken: Collection[str]) -> str:
    """A tag for each text of a language: `en`, then `en-x-2` (RFC 5646, 2.2.7: private use)."""
    number = 2
    tag = language
    while tag in taken:
        tag, number = f"{language}-x-{number}", number + 1
    return tag
