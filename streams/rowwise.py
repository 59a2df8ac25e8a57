"""Does an expression look at one event alone? Tried on made-up ones: batches are cut anywhere."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

MADE_UP: Mapping[pl.DataType, list[object]] = {
    pl.String(): ["b", "a", "1", "b", "", None],
    pl.Int64(): [3, 1, -2, 1, 1 << 40, None],
    pl.Float64(): [0.5, -1.0, 3.25, 0.5, 0.0, None],
    pl.Boolean(): [True, False, False, True, True, None],
    pl.Binary(): [b"b", b"a", b"\xff", b"b", b"", None],
}


def rowwise(expression: pl.Expr, columns: Mapping[str, pl.DataType]) -> bool:
    """Whether it says of each event the same, with others beside it and without; of what can't be tried, yes."""
    frame = pl.DataFrame({name: MADE_UP[kind] for name, kind in columns.items()}, schema=dict(columns))
    try:
        together = frame.select(pl.lit(0).alias("_"), expression.alias("it"))["it"].to_list()
        alone = [frame[row].select(expression.alias("it"))["it"].to_list() for row in range(len(frame))]
    except pl.exceptions.PolarsError:
        return True
    if len(together) == 1:  # a constant
        together *= len(frame)
    return [[value] for value in together] == alone
