"""Objects in an S3 store: put, get, read ranges, list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streams.bucket import Bucket
from streams.store_errors import Archived, Changed, StoreDown, told_apart

AT_ONCE = 8  # objects in flight in put_all
ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")  # storage classes that are read after a restore only; GLACIER_IR at once
READABLE = 'ongoing-request="false"'  # in x-amz-restore: a copy is there to be read


@dataclass(frozen=True)
class Blob:
    """An object to be stored."""

    key: str
    body: bytes
    content_type: str = "application/octet-stream"
    cache_control: str | None = None


@dataclass(frozen=True)
class Head:
    """What the store knows of an object. `etag` without its quotes; `modified` in ms.

    `archived`: it can't be read just now; `returning`: it was asked back. A list does not tell what was restored.
    """

    key: str
    size: int
    etag: str
    modified: int
    content_type: str | None = None
    archived: bool = False
    returning: bool = False


@dataclass(frozen=True)
class Source:
    """A stored object as something to read from at any place; with an `etag`, no other than that one."""

    objects: Objects
    key: str
    size: int
    etag: str | None = None

    async def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`; fewer at the end, none behind it. Raises Changed for another object."""
        if offset >= self.size or length <= 0:
            return b""
        return await self.objects.read(self.key, offset, min(length, self.size - offset), self.etag)


class Objects(Bucket):
    """The objects of one bucket. Raises Missing, StoreDown or StoreRefused (`store_errors`)."""

    async def put(self, blob: Blob) -> str:
        """Store an object whole; its ETag."""
        extra = {} if blob.cache_control is None else {"CacheControl": blob.cache_control}
        answer = await self.call(
            "put_object", blob.key, Key=blob.key, Body=blob.body, ContentType=blob.content_type, **extra,
        )  # fmt: skip
        return _etag(answer)

    async def put_all(self, blobs: Iterable[Blob]) -> None:
        """Store objects, several at a time; returns when all are confirmed, raises the first failure."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(blob: Blob) -> None:
            async with gate:
                await self.put(blob)

        try:
            async with asyncio.TaskGroup() as group:
                for blob in blobs:
                    group.create_task(one(blob))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def get(self, key: str) -> bytes:
        """The whole object; for small ones."""
        answer = await self.call("get_object", key, Key=key)
        return await _body(key, answer)

    async def read(self, key: str, offset: int, length: int, etag: str | None = None) -> bytes:
        """`length` bytes from `offset`, fewer where the object ends; `offset` must lie inside.

        With an `etag` (without its quotes), raises Changed where the object has another.
        """
        wanted = f"bytes={offset}-{offset + length - 1}"
        answer = await self.call("get_object", key, Key=key, Range=wanted, **_only(etag))
        return await _body(key, answer)

    async def head(self, key: str) -> Head:
        answer = await self.call("head_object", key, Key=key)
        restore = str(answer.get("Restore", ""))
        return Head(
            key, answer["ContentLength"], _etag(answer), _ms(answer["LastModified"]), answer.get("ContentType"),
            archived=_in_archive(answer) and READABLE not in restore, returning=bool(restore),
        )  # fmt: skip

    async def source(self, key: str, etag: str | None = None) -> Source:
        """The object to read from at any place; raises Missing at once where there is none.

        With an `etag` (without its quotes), this and every read raise Changed once the object has another. Raises
        Archived for what the store has to bring back first.
        """
        head = await self.head(key)
        if etag and head.etag != etag:
            raise Changed(f"{key}: has the ETag {head.etag}, {etag} was verified: upload the file again")
        if head.archived:
            raise Archived(f"{key}: lies in the store's archive: it has to be restored first")
        return Source(self, key, head.size, etag)

    async def delete(self, key: str) -> None:
        """Remove an object; no error where there is none."""
        await self.call("delete_object", key, Key=key)

    async def delete_all(self, keys: Sequence[str]) -> None:
        """Remove up to a thousand objects in one request; no error for those that are gone already."""
        listed = {"Objects": [{"Key": key} for key in keys], "Quiet": True}
        answer = await self.call("delete_objects", keys[0], Delete=listed)
        if failed := answer.get("Errors"):
            raise StoreDown(f"{len(failed)} of {len(keys)} objects are still there: {failed[0]}")

    async def list(self, prefix: str = "") -> AsyncIterator[Head]:
        """All objects whose key begins with `prefix`, in key order, a thousand a request."""
        token: dict[str, str] = {}
        while True:
            page = await self.call("list_objects_v2", prefix, Prefix=prefix, **token)
            for entry in page.get("Contents", []):
                yield Head(
                    entry["Key"], entry["Size"], _etag(entry), _ms(entry["LastModified"]), archived=_in_archive(entry)
                )  # fmt: skip
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def sign_put(self, key: str, expires: int, headers: Mapping[str, str] | None = None) -> str:
        """Where a client may PUT the whole object; it must send `headers` exactly so."""
        return self.sign("PUT", key, expires, headers=headers)


def _only(etag: str | None) -> dict[str, str]:
    """The condition that the object has this ETag (RFC 9110 13.1.1)."""
    return {"IfMatch": f'"{etag}"'} if etag else {}


def _in_archive(answer: Mapping[str, Any]) -> bool:
    return answer.get("StorageClass") in ARCHIVES


def _etag(answer: Mapping[str, Any]) -> str:
    return str(answer.get("ETag", "")).strip('"')


def _ms(moment: Any) -> int:
    return int(moment.timestamp() * 1000)


async def _body(key: str, answer: Any) -> bytes:
    with told_apart(key):
        async with answer["Body"] as stream:
            return await stream.read()
