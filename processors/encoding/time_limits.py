"""How long an encode's tasks may take by the clock, and when time is all that one lacked.

What is too much for a task shows in processor time (`processors/media/limits.py`), which the clock tells only of the
start's: it runs before all else. Later tasks take what others leave (`encode-tasks-later` is `after` the start, and
their processes give way), so on a machine that is never idle their hour may pass without an hour's work.
"""

from __future__ import annotations

from processors.retries import ATTEMPTS
from streams.event import Event, minutes
from streams.task_run import TimeLimit

START_CHUNK = minutes(9)
START_SOUND = minutes(55)  # whole: a day's takes 18 minutes of a core
LATER = minutes(55)  # the broker's locks end after an hour
LATER_TOPICS = ("encode-tasks-later", "encode-tasks-gpu")  # the second is decoded and scaled by the processor, too
STARVED = "no_processor_time"
NO_GPU = "no_gpu"  # the worker had lost it; another may have one
STARVED_ATTEMPTS = 24  # tries of an hour: so many in a row that something else must be wrong


def starved(task: Event, error: BaseException) -> bool:
    """Whether a task failed for want of processor time alone."""
    return isinstance(error, TimeLimit) and type(task).topic in LATER_TOPICS


def tries(code: str) -> int:
    """How often a part is tried that fails with such a code."""
    return STARVED_ATTEMPTS if code in (STARVED, NO_GPU) else ATTEMPTS
