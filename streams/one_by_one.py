"""A view's batch that its store refuses, record by record: what can be written is, the rest become dead letters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from streams.letters import one_more
from streams.record import Record
from streams.sinks import Placed, SinkRefused
from streams.viewing import ViewBatch, ViewCore


async def one_by_one(
    core: ViewCore, records: Sequence[Record], failures: int, write: Callable[[Sequence[Placed]], Awaitable[None]]
) -> ViewBatch:
    """Write what `write` does not refuse; the letters to post, and the weight of what has been rejected.

    An event counts as taken when its rows are confirmed, not before. A replay that is refused is a dead letter
    again, and has no weight. Raises TooManyDeadLetters, and SinkDown.
    """
    total = ViewBatch(failures=failures)
    for record in records:
        batch = core.step([record], total.failures)
        total.dead += batch.dead
        try:
            await write(batch.writes)
        except SinkRefused as error:
            total.dead += 1
            if record.value is not None:
                total.failures = one_more(core.place, total.failures, error)
            total.letters.append(core.reject(record, error))
        else:
            total.failures = batch.failures
            total.letters += batch.letters
    return total
