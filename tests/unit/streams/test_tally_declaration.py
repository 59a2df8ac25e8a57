"""A tally that can't be exact, or can't be shown, is refused where it is declared, with what to do."""

from __future__ import annotations

from typing import Any

import pytest

from streams.processor import ProcessorError
from streams.tables import Table, WriteError
from streams.tally import Tally, col, count, day, hour, minute, tally
from tests.sample import Counted, Deposited

TABLE = Table(
    "by_hour", key={"account": "text"}, rows={"hour": "bigint", "partition": "int"}, columns={"total": "bigint"}
)


def declared(**changes: Any) -> Tally:
    given: dict[str, Any] = {
        "reads": Deposited,
        "by": ["account", hour("occurred_at")],
        "totals": {"total": col("amount").sum()},
        "into": TABLE,
    }
    return tally(**{**given, **changes})


def test_a_tally_is_named_after_its_file_and_its_columns_after_their_expressions() -> None:
    made = declared()
    assert (made.name, made.kind, list(made.by)) == ("test_tally_declaration", "tally", ["account", "hour"])
    assert [e.meta.output_name() for e in (minute("occurred_at"), day("occurred_at"))] == ["minute", "day"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reads": [Deposited, Counted]}, "it reads deposits, totals"),
        ({"where": col("kind") == "in"}, "Deposited has no field kind"),
        ({"where": col("amount") + 1}, "neither true nor false"),
        ({"by": ["account", "amount"]}, "key and rows of the table are account text, amount bigint, partition int"),
        ({"by": ["account", hour("account")]}, "can't be"),
        ({"totals": {"sum": col("amount").sum()}}, "let them be its totals: sum bigint"),
        ({"totals": {"total": col("amount").max()}}, r"end it in \.sum\(\)"),
        ({"totals": {"total": (col("amount") / 2).sum()}}, "in whole numbers"),
        ({"where": col("amount") > col("amount").mean()}, "looks at more than one event"),
        ({"totals": {"total": col("amount").diff().sum()}}, "looks at more than one event"),
        ({"once_by": ["event_id"]}, "once_by= lacks account, the key of topic deposits"),
        ({"once_by": ["account", "event_id"]}, "name one field of whole numbers"),
        ({"once_by": ["account", "number"]}, "Deposited has no field number"),
    ],
)
def test_what_contradicts_itself_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ProcessorError, match=said) as refused:
        declared(**wrong)
    assert "mend:" in str(refused.value)


def test_what_adds_up_is_taken() -> None:
    for total in (count(), (col("amount") == 3).sum(), (col("amount") * 2).sum().alias("other")):
        declared(totals={"total": total}, where=col("amount") > 1, once_by=["account", "hold_ms"])


def test_a_table_is_cleared_by_its_key_and_the_first_columns_of_its_rows() -> None:
    assert TABLE.clear(account="a").clears
    assert TABLE.clear(account="a", hour=3).key == {"account": "a", "hour": 3}
    for wrong in ({}, {"hour": 3}, {"account": "a", "partition": 1}, {"account": None}, {"account": "a", "total": 1}):
        with pytest.raises(WriteError, match="can't clear"):
            TABLE.clear(**wrong)
