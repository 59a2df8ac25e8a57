"""What views hold that the interface does not show as numbers: co-watches, histories, trends. Read by an operator."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from gateway.access.caller import account_of
from gateway.access.secrets import Secrets
from gateway.access.visitors import anonymous
from gateway.reads import ACCOUNTS, CO_WATCHES, FOUND, RECENT_WATCHES, SCORES, WATCHED_BY_HOUR
from gateway.simulate.films import Film
from gateway.simulate.guests import Guest
from gateway.simulate.truth import Key
from streams.opensearch import alias
from streams.rows import Rows
from streams.settings import Settings

MOST_ROWS = 5000
LANES = 16
BY_TABLE = frozenset({"co-watches", "stars kept", "stalled ms by hour"})
LOGS = ("hour_log", "day_log", "viewers_log")


@dataclass(frozen=True)
class Stored:
    """Tables and the search index of one installation, whose secrets lead from names to pseudonyms."""

    settings: Settings
    rows: Rows
    secret: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Raises SecretMissing where this is not the machine of the installation."""
        return cls(settings, Rows(settings), Secrets.load(Path(settings.home)).pseudonym)

    async def __aenter__(self) -> Self:
        await self.rows.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.rows.close()

    async def numbers(self, films: Sequence[Film]) -> dict[Key, int]:
        """By view and key, as in the truth."""
        gate = asyncio.Semaphore(LANES)

        async def one(video: str) -> Counter[Key]:
            async with gate:
                return await self._numbers(video)

        found = await asyncio.gather(*(one(film.video_id) for film in films))
        return {key: number for numbers in found for key, number in numbers.items() if number}

    async def _numbers(self, video: str) -> Counter[Key]:
        found: Counter[Key] = Counter()
        for row in await self.rows.list(CO_WATCHES, limit=MOST_ROWS, video_id=video):
            found["co-watches", video, row["with_video_id"]] += row["viewers"] or 0
        for row in await self.rows.list(WATCHED_BY_HOUR, limit=MOST_ROWS, video_id=video):
            found["stalled ms by hour", video, str(row["hour"])] += row["stalled_ms"] or 0
        score = await self.rows.get(SCORES, video_id=video)
        found["stars kept", video] = (score or {}).get("stars") or 0
        return found

    async def history(self, guest: Guest) -> set[tuple[int, str]]:
        """When and what they have watched."""
        viewer = await self.pseudonym(guest)
        rows = await self.rows.list(RECENT_WATCHES, limit=MOST_ROWS, viewer_id=viewer)
        return {(row["watched_at"], row["video_id"]) for row in rows}

    async def pseudonym(self, guest: Guest) -> str:
        """Under which the log knows them."""
        if guest.bearer is None:
            return anonymous(guest.name, self.secret)
        row = await self.rows.get(ACCOUNTS, account_id=account_of(guest.name, self.secret))
        return (row or {}).get("viewer_id") or ""

    async def logs(self, films: Iterable[Film]) -> dict[str, dict[str, float]]:
        """Trending scores as logs, by video; without those that have none."""
        wanted = {"ids": [film.video_id for film in films]}
        async with httpx.AsyncClient(base_url=self.settings.opensearch, timeout=30) as search:
            answer = await search.post(f"/{alias(self.settings, FOUND)}/_mget", json=wanted)
        documents: list[dict[str, Any]] = answer.raise_for_status().json()["docs"]
        sources = {found["_id"]: found["_source"] for found in documents if found.get("found")}
        return {video: {log: at[log] for log in LOGS} for video, at in sources.items() if LOGS[0] in at}
