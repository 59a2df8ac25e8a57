"""An encode whose source lies in the store's archive: its parts wait until it is back. Pure."""

from __future__ import annotations

from processors.encoding.encode_state import Encode, Retry
from processors.encoding.encode_tasks import SOURCE, task
from schemas.encode_reports import EncodePlanned, TaskFailed
from schemas.videos import SourceArchived, SourceRestored
from streams.event import Event, days, minutes
from streams.processor import Moment, Step
from streams.reshape import reshape

SOURCE_ARCHIVED = "source_archived"  # why a task failed
NOT_RESTORED = "source_not_restored"
AGAIN = minutes(15)
LONGEST = days(5) // AGAIN  # looks, from one return to the next; the deepest archive takes two days


def wait_for_source(encode: Encode, plan: EncodePlanned, failure: TaskFailed) -> Step[Encode]:
    """The part waits, and is handed out as its next try. The first that finds the source archived has it asked for."""
    waiting = encode.with_waiting(failure.part, failure.attempt + 1).without_retries([failure.part])
    if encode.waiting:
        return Step(waiting, wake_at=waiting.next_retry())
    asked = waiting.to(asked=waiting.asked + 1)
    return Step(asked, [reshape(plan, SourceArchived), task(plan, SOURCE, asked.asked)], wake_at=asked.next_retry())


def look_again(encode: Encode, failure: TaskFailed, at: Moment) -> Step[Encode]:
    """The store has not brought it back yet, or could not be asked."""
    retry = Retry(failure.attempt + 1, at.clock + AGAIN)
    later = encode.to(asked=retry.attempt).with_retry(SOURCE, retry)
    return Step(later, wake_at=later.next_retry())


def go_on(encode: Encode, plan: EncodePlanned) -> Step[Encode]:
    """Everything that waits is asked for again."""
    if not encode.waiting:
        return Step(encode)
    after = encode.to(waiting={}, restored=encode.asked).without_retries([SOURCE])
    again: list[Event] = [
        task(plan, part, attempt, encode.dropped) for part, attempt in encode.waiting.items() if encode.in_hand(part)
    ]
    return Step(after, [reshape(plan, SourceRestored), *again], wake_at=after.next_retry())
