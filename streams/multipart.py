"""Multipart uploads of an S3 store: parts are copied from objects, or put through signed URLs, and joined here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from streams.objects import Objects
from streams.part_beginnings import beginnings, sweep, whole_parts
from streams.store_errors import Missing, StoreDown, StoreRefused


@dataclass(frozen=True)
class StoredPart:
    """A part the store holds. `etag` without its quotes, `size` in bytes."""

    number: int
    etag: str
    size: int


@dataclass(frozen=True)
class Unfinished:
    """An upload neither completed nor aborted. `started` in ms."""

    key: str
    upload_id: str
    started: int


class Multipart:
    """The multipart calls on the bucket of `objects`; the same errors, and PartsRefused from `complete`."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    async def create(self, key: str, content_type: str = "application/octet-stream") -> str:
        """Begin an upload; its id."""
        answer = await self._objects.call("create_multipart_upload", key, Key=key, ContentType=content_type)
        return answer["UploadId"]

    def sign_part(
        self, key: str, upload_id: str, number: int, expires: int, headers: Mapping[str, str] | None = None
    ) -> str:
        """Where a client may PUT part `number` (1 to 10,000); it must send `headers` exactly so."""
        return self._objects.sign("PUT", key, expires, {"partNumber": str(number), "uploadId": upload_id}, headers)

    async def copy(self, key: str, upload_id: str, number: int, source: str, etag: str) -> str:
        """Make part `number` of the object `source`, within the store; its ETag. Raises Changed for another ETag."""
        copied = await self._objects.call(
            "upload_part_copy", source, Key=key, UploadId=upload_id, PartNumber=number,
            CopySource={"Bucket": self._objects.bucket, "Key": source}, CopySourceIfMatch=f'"{etag}"',
        )  # fmt: skip
        return str(copied["CopyPartResult"]["ETag"]).strip('"')

    async def parts(self, key: str, upload_id: str) -> list[StoredPart]:
        """The parts the store holds, by number; raises Missing where the upload was completed or aborted."""
        try:
            return await self._listed(key, upload_id)
        except (StoreDown, StoreRefused):
            if not await beginnings(self._objects, key, upload_id):
                raise
        found = await whole_parts(self._objects, key, upload_id)
        return [StoredPart(number, head.etag, head.size) for number, head in sorted(found.items())]

    async def _listed(self, key: str, upload_id: str) -> list[StoredPart]:
        found: list[StoredPart] = []
        marker: dict[str, int] = {}
        while True:
            page = await self._objects.call("list_parts", key, Key=key, UploadId=upload_id, **marker)
            found += [_part(entry) for entry in page.get("Parts", [])]
            if not page.get("IsTruncated"):
                break
            marker = {"PartNumberMarker": page["NextPartNumberMarker"]}
        if not found and not await self._exists(key, upload_id):  # some stores answer an empty list
            raise Missing(f"{key}: upload {upload_id} was completed or aborted")
        return sorted(found, key=lambda part: part.number)  # some stores list 10 before 2

    async def _exists(self, key: str, upload_id: str) -> bool:
        return any([upload.upload_id == upload_id async for upload in self.unfinished(key)])

    async def complete(self, key: str, upload_id: str, parts: Iterable[tuple[int, str]]) -> str:
        """Join parts of (number, etag) into the object; its ETag. Raises PartsRefused, or Missing as above."""
        listed = [{"PartNumber": number, "ETag": f'"{etag}"'} for number, etag in sorted(parts)]
        answer = await self._ended("complete_multipart_upload", key, upload_id, MultipartUpload={"Parts": listed})
        return str(answer["ETag"]).strip('"')

    async def abort(self, key: str, upload_id: str) -> None:
        """Free the parts; no error where the upload was completed or aborted already."""
        with suppress(Missing):
            await self._ended("abort_multipart_upload", key, upload_id)

    async def _ended(self, operation: str, key: str, upload_id: str, **arguments: Any) -> Any:
        """A call that ends an upload. Beginnings of parts go first: the call would stop half-way at them."""
        await sweep(self._objects, key, upload_id)
        return await self._objects.call(operation, key, Key=key, UploadId=upload_id, **arguments)

    async def unfinished(self, prefix: str = "") -> AsyncIterator[Unfinished]:
        """Uploads begun and neither completed nor aborted."""
        marker: dict[str, str] = {}
        while True:
            page = await self._objects.call("list_multipart_uploads", prefix, Prefix=prefix, **marker)
            for entry in page.get("Uploads", []):
                yield Unfinished(entry["Key"], entry["UploadId"], int(entry["Initiated"].timestamp() * 1000))
            if not page.get("IsTruncated"):
                return
            marker = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}


def _part(entry: dict[str, Any]) -> StoredPart:
    return StoredPart(entry["PartNumber"], str(entry["ETag"]).strip('"'), entry["Size"])
