"""A host takes and gives partitions as its group says."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from faust.types import TP

from streams.context import Context
from streams.hosting import Host
from streams.in_memory import codec_of
from streams.owners import Owners
from streams.settings import Settings
from streams.stores import Stores
from tests import sample


def host(home: Path) -> Host:
    """A host whose group is never joined; servers are not asked for anything."""
    catalogue, nothing = sample.catalogue(), cast("Any", None)
    settings = Settings(home=str(home), kafka="127.0.0.1:1")
    context = Context(settings, catalogue, codec_of(catalogue), nothing, nothing, {}, "test")
    return Host(sample.show_totals, context, Stores(nothing, nothing, nothing), Owners(), lambda error: None)


async def test_partitions_given_while_it_stops_are_left_alone(tmp_path: Path) -> None:
    stopping = host(tmp_path)
    await stopping.stop()
    await stopping.assigned([TP("totals", 0)])
    assert stopping.health == {}


async def test_it_has_joined_when_the_group_has_spoken(tmp_path: Path) -> None:
    idle = host(tmp_path)
    assert not idle.joined.is_set()
    await idle.assigned([])
    assert idle.joined.is_set()
    await idle.stop()


async def test_a_partition_taken_away_is_gone_from_the_report(tmp_path: Path) -> None:
    busy = host(tmp_path)
    await busy.assigned([TP("totals", 0), TP("totals", 1)])
    await busy.revoked([TP("totals", 0)])
    assert [(h.processor, h.topic, h.partition) for h in busy.health.values()] == [("show_totals", "totals", 1)]
    await busy.stop()
