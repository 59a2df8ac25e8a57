"""What a worker does about its memory: few heaps for its threads, and no search for rings that are not there."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

ARENA_MAX = -8  # M_ARENA_MAX, mallopt(3)


def few_heaps() -> None:
    """Let all threads allocate from two heaps: glibc's eight a core each keep what batches have let go of."""
    with suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(ARENA_MAX, 2)


def settle_garbage() -> None:
    """What lives as long as the process is not looked at again: batches make many short-lived objects, none in rings.

    With Python's own thresholds a third of a busy worker's time goes into looking for rings.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
