"""A tally on one partition: rows are written when all that is there has been counted, and seldom while it lags.

A row says what its group comes to, so the last write is all that counts. Rows follow the transaction: they never show
what is not in the log. The changelog remembers how far they have come, so whoever has the partition next writes those
that are missing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from faust.types import TP

from streams.context import Context
from streams.folding import Batch
from streams.group import Group
from streams.health import Health
from streams.local_state import LocalState
from streams.lot import Lot
from streams.processor import Tally
from streams.record import Record
from streams.state_partition import StatePartition
from streams.stores import Stores
from streams.tally_draft import totals_since
from streams.tallying import TallyRows

LARGEST = 40_000  # records a batch: what it costs is by the batch, and by the group in it
FEW = 1_000  # records behind the end of the log at which a tally does not lag
SELDOM = 5.0  # seconds between two writes of rows while it lags
MOST = 100_000  # groups whose rows are kept waiting


class TallyPartition(StatePartition):
    """`shown` in what is applied is the offset up to which rows have been written."""

    largest = LARGEST

    def __init__(
        self, tally: Tally, tp: TP, group: Group, context: Context, stores: Stores, health: Health,
        fail: Callable[[BaseException], None],
    ) -> None:  # fmt: skip
        super().__init__(tally, tp, group, context, stores, health, fail)
        self._tally = tally
        self._waiting: dict[tuple[Any, ...], tuple[int, ...]] = {}
        self._shown = -1
        self._written_at = 0.0

    async def _open(self) -> int:
        position = await super()._open()
        assert self._state is not None
        self._shown = self._applied.shown
        behind = self._shown < self._applied.offset
        self._waiting = totals_since(self._state.store, self._shown) if behind else {}
        return position

    async def _ready(self, raw: Sequence[Any]) -> Sequence[Record]:
        lot = Lot(self._tp.partition, raw)
        await self._context.learn(lot.kinds())
        return self._core.ready(lot) if self._succession.whole(lot[0].offset) else lot

    async def _learn(self, records: Sequence[Record], state: LocalState) -> None:
        """All schemas have been learnt ahead."""

    async def _commit(self, batch: Batch) -> None:
        applied = msgspec.structs.replace(batch.applied, shown=self._shown)
        await self._transact(replace(batch, applied=applied))

    async def _show(self, batch: Batch) -> None:
        assert isinstance(batch.rows, TallyRows)
        self._waiting |= batch.rows.totals
        lags = self._health.end - self._applied.offset > FEW
        if not lags or len(self._waiting) >= MOST or time.monotonic() > self._written_at + SELDOM:
            await self._write()

    async def _idle(self) -> None:
        if self._waiting:
            await self._write()
        await super()._idle()

    async def _write(self) -> None:
        await self._stores.write(TallyRows(self._tally, self._place, self._applied, self._waiting))
        self._waiting = {}
        self._shown = self._applied.offset
        self._written_at = time.monotonic()
        await self._publish(self._shown)
