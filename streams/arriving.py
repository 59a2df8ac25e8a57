"""An object that arrives in parts and can be read before it is whole.

The parts of a multipart upload can't be read until it is completed (S3, "Multipart upload overview"). So each part is
put as an object of its own; when all are there they are copied into the upload within the store (UploadPartCopy),
which moves no byte over the network, and it is completed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from streams.held_parts import Held, held
from streams.multipart import Multipart, StoredPart
from streams.objects import Objects
from streams.store_errors import Changed

AT_ONCE = 16  # copies, or deletions, in flight
T = TypeVar("T")


class NotThere(Exception):
    """Byte `offset` of an arriving object has not come yet."""

    def __init__(self, key: str, offset: int) -> None:
        super().__init__(f"{key}: byte {offset} has not arrived yet")
        self.offset = offset


def part_key(key: str, number: int) -> str:
    """Where part `number` (from 1) of the object `key` is put."""
    return f"{_prefix(key)}{number:05d}"


async def stored_parts(objects: Objects, key: str) -> list[StoredPart]:
    """The parts of an arriving object that the store holds, by number."""
    prefix = _prefix(key)
    heads = [head async for head in objects.list(prefix)]
    found = [StoredPart(int(name), head.etag, head.size) for head in heads if (name := _name(head.key, prefix))]
    return sorted(found, key=lambda part: part.number)


async def join(objects: Objects, key: str, upload_id: str, parts: Sequence[StoredPart]) -> str:
    """Make the object of these very parts, by completing its multipart upload; its ETag.

    What an earlier call has copied is not copied again. Raises Changed where a part is another by now, or Missing.
    """
    multipart, gate = Multipart(objects), asyncio.Semaphore(AT_ONCE)
    copied = {part.number: part.etag for part in await multipart.parts(key, upload_id)}

    async def one(part: StoredPart) -> tuple[int, str]:
        if copied.get(part.number) == part.etag:
            return part.number, part.etag
        async with gate:
            return part.number, await multipart.copy(key, upload_id, part.number, part_key(key, part.number), part.etag)

    return await multipart.complete(key, upload_id, await _all(one(part) for part in parts))


async def remove_parts(objects: Objects, key: str) -> None:
    """Delete the parts of an object, joined or given up; no error where there are none."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            await objects.delete(part_key(key, number))

    await _all(one(part.number) for part in await stored_parts(objects, key))


@dataclass(frozen=True)
class Arriving:
    """The parts of an object that are there, as something to read from at any place: these parts and no others."""

    objects: Objects
    key: str
    size: int
    part_size: int
    etags: dict[int, str]
    whole: ClassVar[bool] = False  # some may lack: who reads should look only where it must

    async def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`, of one part. Raises NotThere; Changed or Missing where that changed."""
        if offset >= self.size or length <= 0:
            return b""
        index, start = divmod(offset, self.part_size)
        etag = self.etags.get(index + 1)
        if etag is None:
            raise NotThere(self.key, offset)
        ends = min(self.part_size, self.size - index * self.part_size)
        return await self.objects.read(part_key(self.key, index + 1), start, min(length, ends - start), etag)


async def arriving(objects: Objects, key: str, size: int, part_size: int, wanted: Held) -> Arriving:
    """What is there of an object of `size` bytes in parts of `part_size`: the parts `wanted`.

    Raises Changed where the store holds others.
    """
    etags = {part.number: part.etag for part in await stored_parts(objects, key) if part.number in wanted}
    if held(etags) != wanted:
        raise Changed(f"{key}: the parts in the store are not those that were reported")
    return Arriving(objects, key, size, part_size, etags)


def _prefix(key: str) -> str:
    return f"{key}.parts/"


def _name(key: str, prefix: str) -> str | None:
    name = key.removeprefix(prefix)
    return name if name.isdigit() else None


async def _all(doing: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """What all of them come to; the first failure ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in doing]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
