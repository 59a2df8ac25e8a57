"""Send a file's missing parts to the store, several at a time, each until it is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from gateway.client.gateway import Gateway, Refused, pause

LANES = 4
ATTEMPTS = 8
PIECE = 256 * 1024
URLS_AT_ONCE = 50
Sent = Callable[[int], None]


@dataclass(frozen=True)
class Plan:
    """What was agreed: the video, how its file is cut, and what the store holds (part number to ETag)."""

    video_id: str
    kind: str
    size: int
    part_size: int
    part_count: int
    held: dict[int, str]
    urls: dict[int, str] = field(default_factory=dict)

    def span(self, number: int) -> tuple[int, int]:
        """First byte and length of a part, counted from 1."""
        start = (number - 1) * self.part_size
        return start, min(self.part_size, self.size - start)

    @property
    def missing(self) -> list[int]:
        """In the order that serves best: the ends first, for with them the video may play while the rest is sent."""
        ends = (n for n in (1, self.part_count, self.part_count - 1) if n > 0)
        return [n for n in dict.fromkeys([*ends, *range(1, self.part_count + 1)]) if n not in self.held]


class Transfer:
    """One file on its way."""

    def __init__(self, gateway: Gateway, file: Path, plan: Plan, sent: Sent) -> None:
        """`sent` is told the bytes that moved, negative where an attempt has to begin again."""
        self._gateway, self._file, self._plan, self._sent = gateway, file, plan, sent
        self._store = httpx.AsyncClient(timeout=httpx.Timeout(60, connect=10))
        self._asking = asyncio.Lock()

    async def run(self) -> list[dict[str, Any]]:
        """Every part as number and ETag; raises Refused for the first that can't be sent."""
        self._sent(sum(self._plan.span(number)[1] for number in self._plan.held))
        gate = asyncio.Semaphore(LANES)
        try:
            async with self._store, asyncio.TaskGroup() as group:
                for number in self._plan.missing:
                    group.create_task(self._one(number, gate))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return [{"number": number, "etag": etag} for number, etag in sorted(self._plan.held.items())]

    async def _one(self, number: int, gate: asyncio.Semaphore) -> None:
        async with gate:
            etag = await self._stored(number)
        self._plan.held[number] = etag
        path = f"/v1/uploads/{self._plan.video_id}/parts/{number}"
        await self._gateway.call("PUT", path, {"etag": etag, "size": self._plan.span(number)[1]})

    async def _stored(self, number: int) -> str:
        """The part's ETag once the store has it. A URL that was refused is replaced: it may have run out."""
        problem = ""
        for attempt in range(1, ATTEMPTS + 1):
            url, moved = await self._url(number), _Moved(self._sent)
            try:
                answer = await self._store.put(url, content=self._pieces(number, moved), headers=self._headers(number))
                if answer.is_success:
                    return answer.headers["ETag"].strip('"')
                problem = f"the store answered {answer.status_code} {answer.text[:200]}"
            except httpx.TransportError as error:
                problem = repr(error)
            moved.back()
            self._plan.urls.pop(number, None)
            await asyncio.sleep(pause(attempt))
        raise Refused(0, "store", f"Part {number} could not be sent: {problem}", "Try again with --resume.")

    async def _url(self, number: int) -> str:
        async with self._asking:
            if number not in self._plan.urls:
                ahead = self._plan.missing
                wanted = ahead[ahead.index(number) :][:URLS_AT_ONCE]
                path = f"/v1/uploads/{self._plan.video_id}/parts"
                answer = await self._gateway.call("POST", path, {"numbers": wanted})
                self._plan.urls.update({part["number"]: part["url"] for part in answer["parts"]})
            return self._plan.urls[number]

    def _headers(self, number: int) -> dict[str, str]:
        return {"Content-Length": str(self._plan.span(number)[1])}

    async def _pieces(self, number: int, moved: _Moved) -> AsyncIterator[bytes]:
        start, left = self._plan.span(number)
        with self._file.open("rb") as source:
            source.seek(start)
            while left:
                piece = await asyncio.to_thread(source.read, min(PIECE, left))
                if not piece:
                    raise Refused(0, "file-changed", f"{self._file} has become shorter.", "Upload it anew.")
                left -= len(piece)
                yield piece
                moved.on(len(piece))


@dataclass
class _Moved:
    """The bytes of one attempt, taken back when it fails."""

    sent: Sent
    count: int = 0

    def on(self, count: int) -> None:
        self.count += count
        self.sent(count)

    def back(self) -> None:
        self.sent(-self.count)


def fresh(answer: dict[str, Any], size: int) -> Plan:
    """The plan in the answer to an announcement."""
    upload, video_id = answer["upload"], answer["video_id"]
    if upload["kind"] == "put":
        return Plan(video_id, "put", size, size, 1, {}, {1: upload["url"]})
    urls = {part["number"]: part["url"] for part in upload["parts"]}
    return Plan(video_id, "multipart", size, upload["part_size"], upload["part_count"], {}, urls)


def resumed(status: dict[str, Any]) -> Plan:
    """The plan of an upload that was begun: parts of the right size need not be sent again."""
    plan = Plan(status["video_id"], status["kind"], status["size"], status["part_size"], status["part_count"], {})
    parts: Sequence[dict[str, Any]] = status["parts"]
    whole = {part["number"]: part["etag"] for part in parts if part["size"] == plan.span(part["number"])[1]}
    plan.held.update(whole)
    return plan
