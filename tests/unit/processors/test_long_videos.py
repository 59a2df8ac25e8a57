"""The longest video there may be, by simulation of its plan: how many tasks, and how much the fold remembers."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from processors.encoding.direct_encode import advance, start
from processors.encoding.encode_state import Encode
from processors.encoding.encode_tasks import chunk_part
from processors.media.plan import chunks
from processors.media.storyboard import tile_times
from schemas.encode_reports import Chunk
from tests.unit.processors.test_direct_encode import planned

DAY_MS = 24 * 3_600_000
PLAN = msgspec.structs.replace(
    planned(), duration_ms=DAY_MS, chunks=msgspec.convert(msgspec.to_builtins(chunks(DAY_MS)), tuple[Chunk, ...])
)


def test_a_day_is_a_bounded_number_of_tasks() -> None:
    begun = start(Encode(), PLAN)

    assert len(PLAN.chunks) == 1441
    assert len(begun.emit) == 1 + len(PLAN.chunks) + len(["audio", "pictures"])
    assert PLAN.chunks[-1].end_ms is None
    assert all(before.end_ms == after.start_ms for before, after in pairwise(PLAN.chunks))
    assert len(tile_times(DAY_MS)) == 100


def test_what_the_fold_remembers_of_a_day_stays_small() -> None:
    """At the most all chunks are at work at once, each with its first report; what is done is a name."""
    names = [chunk_part(chunk.index, "h264") for chunk in PLAN.chunks]
    busy = Encode(plan=PLAN, status="running", accepted=dict.fromkeys(names, 1), announced=dict.fromkeys(names, 9))
    done = Encode(plan=PLAN, status="running", done=tuple(names))

    assert len(msgspec.msgpack.encode(busy)) < 128 * 1024
    assert len(msgspec.msgpack.encode(done)) < 100 * 1024


def test_what_is_done_is_not_counted_any_more() -> None:
    encode = Encode(plan=PLAN, status="running", accepted={"chunk-7": 1, "chunk-8": 1}, announced={"chunk-7": 1})

    after = advance(encode, PLAN, "chunk-7").state

    assert after
    assert (after.done, after.accepted, after.announced) == (("chunk-7",), {"chunk-8": 1}, {})
