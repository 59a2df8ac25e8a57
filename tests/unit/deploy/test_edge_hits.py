"""The edge's log as sums."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy.edge.hits import Hits, lines, tally


def written(folder: Path, *requests: dict[str, object]) -> Path:
    log = folder / "edge-requests.log"
    log.write_text("".join(json.dumps({"at": 1.0, "status": 200, "bytes": 100} | line) + "\n" for line in requests))
    return log


@pytest.mark.parametrize(
    ("cache", "hits"),
    [("HIT", 1), ("STALE", 1), ("UPDATING", 1), ("REVALIDATED", 1), ("MISS", 0), ("EXPIRED", 0), ("BYPASS", 0)],
)
def test_what_spared_the_gateway_a_body_is_a_hit(tmp_path: Path, cache: str, hits: int) -> None:
    counted = tally(lines(written(tmp_path, {"cache": cache}, {"cache": "MISS"})))
    assert counted == Hits(requests=2, hits=hits, refused=0, bytes=200, hit_bytes=100 * hits)
    assert counted.ratio == hits / 2


def test_what_the_edge_refused_counts_for_no_ratio(tmp_path: Path) -> None:
    counted = tally(lines(written(tmp_path, {"cache": "HIT"}, {"cache": "", "status": 403})))
    assert (counted.refused, counted.ratio) == (1, 1.0)
    assert str(counted).startswith("2 requests, 1 refused by the edge, 1 hits (100.0%)")


def test_a_line_that_is_being_written_and_a_log_that_is_not_there_count_nothing(tmp_path: Path) -> None:
    log = written(tmp_path, {"cache": "HIT"})
    log.write_text(log.read_text() + '{"at": 2.0, "stat')
    assert tally(lines(log)).requests == 1
    assert tally(lines(tmp_path / "none")) == Hits()
    assert Hits().ratio == 0
