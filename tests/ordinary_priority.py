"""A process that root runs and that still gets no real-time priority (capabilities(7)).

SVT-AV1 takes it for its threads wherever root calls it, and by a slip of the C library for the caller's main thread.
Workers encode in a process that is refused it (`processors/media/seccomp.py`); tests encode in their own.
"""

from __future__ import annotations

import ctypes
import platform

VERSION, SYS_NICE = 0x20080522, 23
WORDS = 6  # effective, permitted and inheritable, of capabilities 0 to 31 and of the others


def keep_to_ordinary_priority() -> None:
    """This thread and those that it starts from now on. Nothing to do where root isn't who runs it."""
    if platform.system() != "Linux":
        return
    libc = ctypes.CDLL(None)
    header, sets = (ctypes.c_uint32 * 2)(VERSION, 0), (ctypes.c_uint32 * WORDS)()
    if libc.capget(header, sets) == 0:
        sets[0] &= ~(1 << SYS_NICE)
        libc.capset(header, sets)
