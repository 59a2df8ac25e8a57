"""A fold's state shown as rows: with `into=TABLE`, what it remembers of a key is also a row for the gateway.

The row has the key and those fields of the state that the table has columns for. It is written before the
transaction, at the position of the batch's last record; repeats write the same or are covered by later ones. A state
that becomes None takes its row with it, at the position where it did; what is forgotten because time has passed stays
as the row last was.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from streams.processor import Fold, Moment, ProcessorError, State
from streams.sinks import Placed
from streams.tables import Table, Write


def shown(fold: Fold, states: Mapping[str, State], erased: Mapping[str, int], moment: Moment) -> list[Placed]:
    """The rows of these keys, and those to be cleared, by the offset; none where the fold shows nothing.

    A state that begins anew in the batch that ended the last one is shown after that one is cleared.
    """
    if fold.into is None:
        return []
    table, column = fold.into, key_column(fold, fold.into)
    ends = {key: replace(moment, offset=offset) for key, offset in erased.items()}
    gone = [Placed(table.clear(**{column: key}), end, 0) for key, end in ends.items()]
    return [*gone, *(Placed(_row(table, column, key, state), moment, 1) for key, state in states.items())]


def key_column(fold: Fold, table: Table) -> str:
    """The column that holds the fold's key; raises ProcessorError where rows are known by more than that."""
    if len(table.identity) != 1:
        raise ProcessorError(
            f"fold {fold.name} shows its state in {table.name}, whose rows are known by {', '.join(table.identity)}\n"
            f"  mend:   one row a key: give the table {fold.reads[0].key_field} as its only key"
        )
    return table.identity[0]


def _row(table: Table, column: str, key: str, state: State) -> Write:
    cells = {name: getattr(state, name) for name in table.columns if hasattr(state, name)}
    return table.put(**{column: key}, **cells)
