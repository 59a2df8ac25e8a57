"""Where the processors of a worker write rows and documents."""

from __future__ import annotations

from collections.abc import Sequence

from streams.sinks import Placed, Positions, Sink
from streams.tables import Table
from streams.versions import FIRST, Versions


class Stores:
    """The sinks, the published positions of who writes into them, and the versions that these are of."""

    def __init__(self, tables: Sink, indexes: Sink, positions: Positions, versions: Versions = FIRST) -> None:
        self.positions = positions
        self.versions = versions
        self._tables = tables
        self._indexes = indexes

    async def at(self, versions: Versions) -> Stores:
        """The same for other versions. Raises SinkDown."""
        return Stores(await self._tables.at(versions), await self._indexes.at(versions), self.positions, versions)

    async def write(self, writes: Sequence[Placed]) -> None:
        """Return when all is confirmed; raises SinkDown or SinkRefused."""
        rows = [placed for placed in writes if isinstance(placed.write.into, Table)]
        documents = [placed for placed in writes if not isinstance(placed.write.into, Table)]
        for mine, sink in ((rows, self._tables), (documents, self._indexes)):
            if mine:
                await sink.write(mine)
