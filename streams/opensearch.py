"""OpenSearch: the sink that makes a view's writes documents, merged field by field in the order of the log."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Iterable, Sequence
from typing import Any, Self, cast

import httpx
import msgspec

from streams.settings import Settings
from streams.sinks import Placed, SinkDown, SinkRefused
from streams.stamps import stamp_of
from streams.tables import Index
from streams.versions import FIRST, Versions

BATCH = 1000  # writes in a request
TRIES = 5
APPLIED = "_applied"  # in each document: the stamp of the last write, by field
TRANSIENT = {409, 429, 502, 503, 504}
MERGE = f"""
if (ctx._source.{APPLIED} == null) {{ ctx._source.{APPLIED} = new HashMap(); }}
Map applied = ctx._source.{APPLIED};
long stamp = ((Number) params.stamp).longValue();
boolean changed = false;
for (entry in params.fields.entrySet()) {{
  def last = applied[entry.getKey()];
  if (last != null && ((Number) last).longValue() >= stamp) {{ continue; }}
  applied[entry.getKey()] = params.stamp;
  ctx._source[entry.getKey()] = entry.getValue();
  changed = true;
}}
if (!changed) {{ ctx.op = 'none'; }}
"""


def alias(settings: Settings, index: Index) -> str:
    """The name an index is written and read by; what stands behind it may be exchanged."""
    return settings.named(index.name, "-").lower()


def alias_of(settings: Settings, index: Index, versions: Versions) -> str:
    """The alias of the index in these versions: the serving one's own, or that of the one being built."""
    return next_alias(settings, index) if versions.building else alias(settings, index)


def next_alias(settings: Settings, index: Index) -> str:
    """The alias of the version that a rebuild makes, until the former is dropped."""
    return f"{alias(settings, index)}-next"


class OpenSearchSink:
    """Upserts by a script that skips the fields a newer write has set: repeats, and older writes that come late.

    Fields left out of a write stay. A document's fields belong to one topic each, and one view writes them:
    so a field's stamps are of one topic and can be compared, as a cell's timestamps in Cassandra are.
    """

    def __init__(
        self, settings: Settings, indexes: Iterable[Index], epoch: int = 0, versions: Versions = FIRST
    ) -> None:
        """`indexes` exist already (`indices.migrate`). `epoch` rises when a source topic is made anew."""
        self._settings = settings
        self._indexes = list(indexes)
        self._epoch = epoch
        self.versions = versions
        self._client = httpx.AsyncClient(base_url=settings.opensearch, timeout=30)

    async def open(self) -> None:
        await self._post("/_cluster/health", b"", "GET")

    async def at(self, versions: Versions) -> Self:
        made = copy.copy(self)
        made.versions = versions
        return made

    async def close(self) -> None:
        await self._client.aclose()

    async def write(self, writes: Sequence[Placed]) -> None:
        """Confirm all writes, in their order, a thousand a request."""
        for start in range(0, len(writes), BATCH):
            await self._confirmed(writes[start : start + BATCH])

    async def _confirmed(self, writes: Sequence[Placed]) -> None:
        """Send what is not confirmed again, a few times; raises SinkDown or SinkRefused."""
        problem = ""
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(0.1 * 2**attempt)
            try:
                items = (await self._post("/_bulk?require_alias=true&_source=false", self._bulk(writes)))["items"]
            except SinkDown as error:
                problem = str(error)
                continue
            failed = [(w, item["update"]) for w, item in zip(writes, items, strict=True) if "error" in item["update"]]
            if not failed:
                return
            _refuse(failed)
            writes, problem = [w for w, _ in failed], str(failed[0][1]["error"])
        raise SinkDown(f"OpenSearch did not confirm {len(writes)} documents: {problem}")

    def _bulk(self, writes: Sequence[Placed]) -> bytes:
        lines = (msgspec.json.encode(part) for placed in writes for part in self._upsert(placed))
        return b"\n".join(lines) + b"\n"

    def _upsert(self, placed: Placed) -> tuple[dict[str, Any], dict[str, Any]]:
        index = cast("Index", placed.write.into)
        key = placed.write.key[index.key]
        parameters = {
            "stamp": stamp_of(placed, self._epoch),
            "fields": {index.key: key, **placed.write.cells},
        }
        action = {
            "update": {
                "_index": alias_of(self._settings, index, self.versions),
                "_id": str(key),
                "retry_on_conflict": 3,
            }
        }
        script = {"source": MERGE, "lang": "painless", "params": parameters}
        return action, {"scripted_upsert": True, "upsert": {}, "script": script}

    async def _post(self, path: str, body: bytes, method: str = "POST") -> dict[str, Any]:
        try:
            answer = await self._client.request(
                method, path, content=body, headers={"Content-Type": "application/x-ndjson"}
            )
        except httpx.HTTPError as error:
            raise SinkDown(
                f"OpenSearch at {self._settings.opensearch} does not answer: {error!r}\n  mend:   playlog doctor"
            ) from error
        if answer.status_code in TRANSIENT:
            raise SinkDown(f"OpenSearch can't take writes just now: {answer.status_code} {answer.text[:300]}")
        if answer.is_error:
            raise SinkRefused(f"OpenSearch refuses: {answer.status_code} {answer.text[:500]}")
        return answer.json()


def _refuse(failed: Sequence[tuple[Placed, dict[str, Any]]]) -> None:
    """Raise SinkRefused for the first write that no repetition can bring through.

    A missing alias, or an index that takes no writes just now, is no fault of the write: SinkDown, until it does.
    """
    for placed, item in failed:
        error = item["error"]
        if error["type"] == "index_not_found_exception":
            raise SinkDown(f"index {placed.write.into.name} is missing: {error['reason']}\n  mend:   playlog declare")
        if item["status"] not in TRANSIENT and error["type"] != "cluster_block_exception":
            name = f"{placed.write.into.name} {dict(placed.write.key)}"
            cause = error.get("caused_by", {}).get("reason", "")
            raise SinkRefused(f"{name}: {error['type']}: {error['reason']} {cause}".rstrip())
