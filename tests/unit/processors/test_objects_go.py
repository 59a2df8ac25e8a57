"""Objects of a video go page by page, and with an upload that is given up, whatever was made of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from processors.storage.remove_objects import AT_ONCE, remove_objects
from processors.uploads.release_upload import release_upload
from schemas.storage_actions import ObjectsRemoved
from schemas.storage_tasks import ClearRequested
from schemas.upload_tasks import ReleaseRequested
from streams.event import natural_id
from streams.objects import Head, Objects
from streams.processor import Work
from streams.settings import Settings

VIDEO, OTHER = "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11", "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e22"
SOURCE = f"sources/{VIDEO}"


class Shelf(Objects):
    """A store that only lists and deletes, and notes how many objects it had listed at each deletion."""

    def __init__(self, modified: dict[str, int]) -> None:
        super().__init__(Settings.from_environment({}))
        self.modified = modified
        self.listed = 0
        self.deletions: list[tuple[int, int]] = []

    async def list(self, prefix: str = "") -> AsyncIterator[Head]:
        for key in sorted(key for key in self.modified if key.startswith(prefix)):
            self.listed += 1
            yield Head(key, 2, "e", self.modified[key])

    async def delete(self, key: str) -> None:
        self.modified.pop(key, None)

    async def delete_all(self, keys: Sequence[str]) -> None:
        self.deletions.append((self.listed, len(keys)))
        for key in keys:
            await self.delete(key)


def done(work: Work, task: object, shelf: Shelf) -> list[object]:
    async def all_events() -> list[object]:
        return [event async for event in work.function(task, shelf)]

    return asyncio.run(all_events())


def test_what_is_older_goes_before_the_next_page_is_listed() -> None:
    keys = [f"segments/{VIDEO}/720p/{number:05}.m4s" for number in range(2 * AT_ONCE + 3)]
    shelf = Shelf({key: 50 if number % 2 else 150 for number, key in enumerate(keys)})
    task = ClearRequested(task_id=natural_id("t"), video_id=VIDEO, rendition="720p", before=100)
    [told] = done(remove_objects, task, shelf)
    assert isinstance(told, ObjectsRemoved)
    assert (told.objects, told.bytes) == (AT_ONCE + 1, 2 * (AT_ONCE + 1))
    assert shelf.deletions == [(AT_ONCE, AT_ONCE // 2), (2 * AT_ONCE, AT_ONCE // 2), (2 * AT_ONCE + 3, 1)]
    assert set(shelf.modified.values()) == {150}


@pytest.mark.parametrize("stays", [False, True])
def test_what_was_made_early_goes_with_an_upload_that_is_given_up(stays: bool) -> None:
    parts = [f"{SOURCE}.parts/00001", f"{SOURCE}.parts/00002"]
    made = [SOURCE, f"segments/{VIDEO}/720p/a.m4s", f"pictures/{VIDEO}/a.jpg"]
    others = [f"sources/{OTHER}", f"segments/{OTHER}/720p/a.m4s"]
    shelf = Shelf(dict.fromkeys([*parts, *made, *others], 0))
    task = ReleaseRequested(
        task_id=natural_id("t"), video_id=VIDEO, store_key=SOURCE, store_upload_id="", source_stays=stays
    )
    assert done(release_upload, task, shelf) == []
    assert {*shelf.modified} == {*others, *(made if stays else [])}
