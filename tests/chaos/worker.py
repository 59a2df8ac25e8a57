"""A worker process that hosts the ledger's processors, with a fault armed."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import os
import random
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.launcher import PR_SET_PDEATHSIG
from streams import hosting
from streams.faust_app import processor_app
from streams.settings import Settings
from streams.worker import run
from tests.chaos.faults import Fault, arm
from tests.chaos.ledger import PROCESSORS, platform

SESSION = 2.0  # seconds until a silent worker's partitions move; the engine's own 6 would make few kills an hour


@dataclass(frozen=True)
class Orders:
    """Which worker it is, what it hosts, what befalls it, and the files that tell others how it fares."""

    settings: Settings
    hosted: Sequence[str]
    release: int
    fault: Fault | None
    log: Path
    ready: Path
    struck: Path


def work(orders: Orders) -> None:
    """Host the processors until the end, whichever that is."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    os.environ["CHAOS_RELEASE"] = str(orders.release)
    gc.freeze()  # what the fork server has loaded is no garbage: a worker at work looks for some once
    random.seed()
    with orders.log.open("w", buffering=1) as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        logging.basicConfig(level=logging.INFO, stream=log, format="%(asctime)s %(name)s %(message)s")
        hosting.processor_app = _impatient
        if orders.fault is not None:
            arm(orders.fault, orders.struck)
        chosen = [one for one in PROCESSORS if one.name in orders.hosted]
        asyncio.run(run(platform(orders.settings), chosen, ready=orders.ready.touch))


def _impatient(*given: Any, **named: Any) -> Any:
    app: Any = processor_app(*given, **named)
    app.conf.broker_session_timeout = SESSION
    app.conf.broker_heartbeat_interval = SESSION / 5
    return app
