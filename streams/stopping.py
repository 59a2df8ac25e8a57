"""When a process is to stop."""

from __future__ import annotations

import asyncio
import signal
from weakref import WeakKeyDictionary

_stops: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Event] = WeakKeyDictionary()


def on_signals() -> asyncio.Event:
    """The event that SIGTERM or SIGINT sets, one for all of a loop; call it inside the loop of the main thread."""
    loop = asyncio.get_running_loop()
    if loop not in _stops:
        _stops[loop] = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _stops[loop].set)
    return _stops[loop]
