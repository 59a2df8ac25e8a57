"""Which versions serve: written by a rebuild's flip, noticed within a second by whoever reads or writes views."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from streams.cassandra import Session, connect, permanent
from streams.ending import end
from streams.settings import Settings
from streams.sinks import SinkDown
from streams.versions import FIRST, Versions

EVERY = 1.0  # seconds between two looks: for so long a process may go on with the former version


class Serving:
    """The versions that serve, as of a second ago. What can't be asked just now stays as it was."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: Session = None
        self._looking: asyncio.Task[None] | None = None
        self.now = FIRST
        self.changed = asyncio.Event()  # set at a change; cleared by who minds it

    async def open(self, session: Session) -> None:
        """Look once, then every second. Raises SinkDown."""
        self._session = session
        await self.look()
        self._looking = asyncio.create_task(self._look_on())

    async def close(self) -> None:
        if self._looking is not None:
            await end(self._looking)

    async def look(self) -> bool:
        """Ask now; whether anything has changed. Raises SinkDown."""
        found = await versions_in(self._session, self._settings.keyspace)
        if self.now.serving and not found.serving:
            raise SinkDown("Cassandra does not know the table of versions just now")
        changed, self.now = found != self.now, found
        if changed:
            self.changed.set()
        return changed

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            with contextlib.suppress(SinkDown):
                await self.look()


@contextlib.asynccontextmanager
async def followed(settings: Settings) -> AsyncGenerator[Serving]:
    """The versions that serve, for as long as the block lasts. Raises SinkDown."""
    session, serving = await connect(settings), Serving(settings)
    try:
        await serving.open(session)
        yield serving
    finally:
        await serving.close()
        await session.close()


async def versions_in(session: Session, keyspace: str) -> Versions:
    """What serves now; where the table is not there, nothing was ever rebuilt. Raises SinkDown."""
    try:
        result = await session.execute(session.query(f"SELECT member, serving, former FROM {keyspace}.view_versions"))
    except Exception as error:
        if permanent(error):
            return FIRST
        raise SinkDown(f"Cassandra did not answer about versions: {error}") from error
    rows = [row.as_dict() for row in result.all()]
    serving, former = ({row["member"]: row[name] for row in rows if row[name]} for name in ("serving", "former"))
    return Versions(serving, former)


async def versions_now(settings: Settings) -> Versions:
    """What serves now, for who asks once. Raises SinkDown."""
    session = await connect(settings)
    try:
        return await versions_in(session, settings.keyspace)
    finally:
        await session.close()
