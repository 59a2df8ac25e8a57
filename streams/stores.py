"""Where the processors of a worker write rows and documents."""

from __future__ import annotations

from collections.abc import Sequence

from streams.sinks import Placed, Positions, Sink
from streams.tables import Table


class Stores:
    """The sinks, and the published positions of who writes into them."""

    def __init__(self, tables: Sink, indexes: Sink, positions: Positions) -> None:
        self.positions = positions
        self._tables = tables
        self._indexes = indexes

    async def write(self, writes: Sequence[Placed]) -> None:
        """Return when all is confirmed; raises SinkDown or SinkRefused."""
        rows = [placed for placed in writes if isinstance(placed.write.into, Table)]
        documents = [placed for placed in writes if not isinstance(placed.write.into, Table)]
        for mine, sink in ((rows, self._tables), (documents, self._indexes)):
            if mine:
                await sink.write(mine)
