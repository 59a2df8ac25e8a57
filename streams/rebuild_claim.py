"""Who rebuilds what, and how far that is: rows of `view_versions`, changed by conditional batches of one partition."""

from __future__ import annotations

import asyncio
import os
import socket
import time
import uuid
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from streams.cassandra import Session, connect
from streams.ending import end
from streams.settings import Settings
from streams.sinks import SinkDown

HELD = 10  # seconds that a claim lives without being renewed: a killed rebuild can be taken up again after them
RENEWED = 3.0  # seconds between two renewals
WHERE = "what = 'views'"


class RebuildError(RuntimeError):
    """A rebuild can't go on; the text says why and what to do."""


@dataclass(frozen=True)
class Standing:
    """How far the rebuild of a member has come. `building` is the version being made, `flipped_at` in ms."""

    serving: int = 1
    former: int | None = None
    building: int | None = None
    flipped_at: int = 0


class Claim:
    """The right to rebuild some members, for as long as it is renewed. Nothing is changed by who has lost it."""

    def __init__(self, session: Session, keyspace: str, members: Sequence[str]) -> None:
        self._session = session
        self._table = f"{keyspace}.view_versions"
        self._members = members
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"

    async def take(self) -> None:
        """Raises RebuildError where any of the members is claimed by somebody else."""
        if not await self._changed(f"holder = '{self._holder}'", "holder = null", HELD):
            row = next((row for row in await self._rows() if row["holder"]), {"member": self._members[0], "holder": ""})
            raise RebuildError(
                f"{row['member']} is being rebuilt by {row['holder']}\n"
                f"  mend:   wait for its end; if it was killed, try again in {HELD} seconds: it goes on where it was"
            )

    async def renew(self) -> None:
        """Go on holding it until cancelled; raises RebuildError where somebody else has it."""
        while True:
            await asyncio.sleep(RENEWED)
            with suppress(SinkDown):  # it is asked for again; the claim runs out meanwhile, or it does not
                await self._mine(f"holder = '{self._holder}'", HELD)

    async def release(self) -> None:
        await self._changed("holder = null", f"holder = '{self._holder}'")

    async def standing(self) -> Mapping[str, Standing]:
        """Each member's row."""
        rows = {row["member"]: row for row in await self._rows()}
        return {
            name: Standing(row["serving"] or 1, row["former"], row["building"], row["flipped_at"] or 0)
            for name, row in rows.items()
        }

    async def begin(self, number: int) -> None:
        """From here on this version is being made."""
        await self._mine(f"building = {number}")

    async def flip(self, number: int) -> None:
        """The version serves; what served before is the former, until `dropped`."""
        standing = await self.standing()
        now = int(time.time() * 1000)
        await self._each(
            {
                name: f"serving = {number}, former = {one.serving}, building = null, flipped_at = {now}"
                for name, one in standing.items()
            }
        )

    async def dropped(self) -> None:
        """Nothing is left of the former version."""
        await self._mine("former = null")

    async def _mine(self, change: str, seconds: int = 0) -> None:
        await self._each(dict.fromkeys(self._members, change), seconds)

    async def _each(self, changes: Mapping[str, str], seconds: int = 0) -> None:
        if not await self._apply(changes, f"holder = '{self._holder}'", seconds):
            raise RebuildError("the claim was lost: this process was away for too long\n  mend:   run it again")

    async def _changed(self, change: str, condition: str, seconds: int = 0) -> bool:
        return await self._apply(dict.fromkeys(self._members, change), condition, seconds)

    async def _apply(self, changes: Mapping[str, str], condition: str, seconds: int) -> bool:
        using = f" USING TTL {seconds}" if seconds else ""
        updates = [
            f"UPDATE {self._table}{using} SET {change} WHERE {WHERE} AND member = '{name}' IF {condition};"
            for name, change in changes.items()
        ]
        result = await self._run(f"BEGIN BATCH {' '.join(updates)} APPLY BATCH")
        return bool(result[0]["[applied]"])

    async def _rows(self) -> list[dict[str, Any]]:
        rows = await self._run(f"SELECT * FROM {self._table} WHERE {WHERE}")
        return [row for row in rows if row["member"] in self._members]

    async def _run(self, query: str) -> list[dict[str, Any]]:
        try:
            result = await self._session.execute(self._session.query(query, timeout=10.0))
        except Exception as error:
            raise SinkDown(f"Cassandra did not answer about the claim to rebuild: {error}") from error
        return [row.as_dict() for row in result.all()]


@asynccontextmanager
async def claimed(settings: Settings, members: Sequence[str]) -> AsyncGenerator[tuple[Claim, asyncio.Task[None]]]:
    """A claim and the task that renews it, which ends only by failing. Raises RebuildError and SinkDown."""
    session = await connect(settings)
    try:
        claim = Claim(session, settings.keyspace, members)
        await claim.take()
        renewing = asyncio.create_task(claim.renew())
        try:
            yield claim, renewing
        finally:
            await end(renewing)
            await claim.release()
    finally:
        await session.close()
