"""What a worker does about its memory: few heaps, large blocks apart, and no search for rings that are not there."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

ARENA_MAX, MMAP_THRESHOLD = -8, -3  # mallopt(3)
LARGE = 1024 * 1024  # bytes


def few_heaps() -> None:
    """Let all threads allocate from two heaps: glibc's eight a core each keep what batches have let go of.

    And have large blocks go back to the system as soon as they are free: what a broker has sent is a few megabytes.
    Left to itself, glibc learns from the first of them to keep the next ones in its heaps.
    """
    with suppress(AttributeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(ARENA_MAX, 2)
        mallopt(MMAP_THRESHOLD, LARGE)


def settle_garbage() -> None:
    """What lives as long as the process is not looked at again: batches make many short-lived objects, none in rings.

    With Python's own thresholds a third of a busy worker's time goes into looking for rings.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
