"""What a tally may be declared as: columns that exist, totals that add up, a table that fits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin

import msgspec
import polars as pl

from streams.event import Event
from streams.processor import ProcessorError, Tally
from streams.rowwise import rowwise
from streams.tally_columns import part

PARTITION = "partition"
KINDS: Mapping[type, pl.DataType] = {
    str: pl.String(), int: pl.Int64(), float: pl.Float64(), bool: pl.Boolean(), bytes: pl.Binary(),
}  # fmt: skip
COLUMNS: Mapping[pl.DataType, str] = {pl.String(): "text", pl.Int64(): "bigint", pl.Boolean(): "boolean"}


def check(tally: Tally) -> None:
    """Raises ProcessorError, which says what to do."""
    _one_topic(tally)
    frame = pl.DataFrame(schema=columns(tally))
    _where(tally, frame)
    _once(tally, frame)
    _table(tally, _keys(tally, frame))
    _totals(tally, frame)
    _rows(tally)


def columns(tally: Tally) -> dict[str, pl.DataType]:
    """The fields that a tally looks at, with their types as its expressions see them: whole numbers are 64 bits wide.

    Raises ProcessorError where an event read has no such field, or one that is no single value.
    """
    named = dict.fromkeys([tally.reads[0].key_field, *(tally.once_by or ())])
    for expression in (tally.where, *tally.by.values(), *tally.totals.values()):
        named |= dict.fromkeys([] if expression is None else expression.meta.root_names())
    kinds = [_kinds(event) for event in tally.reads]
    return {name: _kind(tally, name, kinds) for name in named}


def _kinds(event: type[Event]) -> dict[str, pl.DataType | None]:
    return {field.name: _plain(field.type) for field in msgspec.structs.fields(event)}


def _plain(annotation: Any) -> pl.DataType | None:
    """The type of a column of such values; None where they are lists, maps or records."""
    if get_origin(annotation) is Literal:
        return pl.String()
    if branches := [branch for branch in get_args(annotation) if branch is not type(None)]:
        return _plain(branches[0]) if len(branches) == 1 and len(get_args(annotation)) == 2 else None
    return KINDS.get(annotation)


def _kind(tally: Tally, name: str, events: Iterable[Mapping[str, pl.DataType | None]]) -> pl.DataType:
    for event, kinds in zip(tally.reads, events, strict=True):
        if name not in kinds:
            raise _error(tally, f"{event.__name__} has no field {name}", f"name one of {', '.join(kinds)}")
        if kinds[name] is None:
            raise _error(tally, f"{event.__name__}.{name} is no single value", "use fields that hold one value each")
    found = {kinds[name] for kinds in events}
    if len(found) > 1:
        raise _error(tally, f"{name} has another type in each event read", "read one of the events")
    (kind,) = found
    assert kind is not None
    return kind


def _one_topic(tally: Tally) -> None:
    if len({event.topic for event in tally.reads}) > 1:
        topics = ", ".join(sorted({event.topic for event in tally.reads}))
        raise _error(
            tally, f"it reads {topics}; the order of two topics is not in the log",
            "forward one topic's events into the other by a processor of their own, or write a tally for each",
        )  # fmt: skip


def _where(tally: Tally, frame: pl.DataFrame) -> None:
    if tally.where is not None and _type(tally, frame, "where", tally.where) != pl.Boolean():
        raise _error(tally, f"where= is {tally.where}, which is neither true nor false", "compare with something")


def _once(tally: Tally, frame: pl.DataFrame) -> None:
    if tally.once_by is None:
        return
    key, *numbers = sorted(tally.once_by, key=lambda name: name != tally.reads[0].key_field)
    if key != tally.reads[0].key_field:
        raise _error(
            tally, f"once_by= lacks {tally.reads[0].key_field}, the key of topic {tally.reads[0].topic}: "
            "a repeat could lie in another partition", f"add {tally.reads[0].key_field} to once_by=",
        )  # fmt: skip
    if len(numbers) > 1 or any(frame.schema[name] != pl.Int64() for name in numbers):
        raise _error(
            tally, f"once_by= names {', '.join(numbers)} beside the key",
            "name one field of whole numbers, as a client counts its events, or the key alone",
        )  # fmt: skip


def _keys(tally: Tally, frame: pl.DataFrame) -> dict[str, str]:
    """What each column of `by` is in a table."""
    kinds = {name: _type(tally, frame, "by", by) for name, by in tally.by.items()}
    if wrong := [name for name, kind in kinds.items() if kind not in COLUMNS]:
        raise _error(tally, f"by= {', '.join(wrong)} is no text and no whole number", "group by one that is")
    return {name: COLUMNS[kind] for name, kind in kinds.items()}


def _table(tally: Tally, keys: Mapping[str, str]) -> None:
    wanted = {**keys, PARTITION: "int"}
    found = {**tally.into.key, **tally.into.rows}
    if found != wanted or PARTITION in tally.into.key:
        raise _error(
            tally, f"a row of {tally.into.name} is known by {_listed(found)}",
            f"key and rows of the table are {_listed(wanted)}, with partition among the rows: "
            "totals are kept by partition and summed when read",
        )  # fmt: skip
    totals = dict.fromkeys(tally.totals, "bigint")
    if dict(tally.into.columns) != totals:
        raise _error(
            tally, f"the columns of {tally.into.name} are {_listed(tally.into.columns)}",
            f"let them be its totals: {_listed(totals)}",
        )  # fmt: skip


def _totals(tally: Tally, frame: pl.DataFrame) -> None:
    for name, total in tally.totals.items():
        if not _adds_up(total):
            raise _error(
                tally, f"total {name} is {total}, which can't be added to what came before",
                "end it in .sum(), or let it be count()",
            )  # fmt: skip
        if not _type(tally, frame, f"total {name}", total).is_integer():
            raise _error(
                tally, f"total {name} is a sum of fractions, which depends on their order",
                "count in a smaller unit, in whole numbers",
            )  # fmt: skip


def _rows(tally: Tally) -> None:
    where = {} if tally.where is None else {"where": tally.where}
    for name, expression in {
        **where,
        **tally.by,
        **{name: part(total) for name, total in tally.totals.items()},
    }.items():
        if not rowwise(expression, columns(tally)):
            raise _error(
                tally, f"{name} is {expression}, which looks at more than one event; batches are cut anywhere",
                "say it of each event alone, or write a fold",
            )  # fmt: skip


def _adds_up(total: pl.Expr) -> bool:
    """Is the total of two lots of events the sum of their totals?"""
    root: Any = json.loads(total.meta.undo_aliases().meta.serialize(format="json"))
    return root == "Len" or (isinstance(root, dict) and "Sum" in (root.get("Agg") or ()))


def _type(tally: Tally, frame: pl.DataFrame, what: str, expression: pl.Expr) -> pl.DataType:
    try:
        return frame.select(expression).dtypes[0]
    except pl.exceptions.PolarsError as error:
        raise _error(tally, f"{what} is {expression}, which can't be: {error}", "mend the expression") from error


def _error(tally: Tally, wrong: str, mend: str) -> ProcessorError:
    return ProcessorError(f"tally {tally.name}: {wrong}\n  mend:   {mend}")


def _listed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items()) or "nothing"
