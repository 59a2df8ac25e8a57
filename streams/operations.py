"""What operators do is in the log, too: an event on the topic `operations`, before the deed."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from streams.log import Log
from streams.platform import Platform

RECORD = "OperatorActed"  # with the fields subject, action, place, operator


class Operations:
    """Tells the log; a platform whose catalogue has no `OperatorActed` keeps no account of its operators."""

    def __init__(self, log: Log, record: Any) -> None:
        self._log = log
        self._record = record

    async def note(self, subject: str, action: str, place: str) -> None:
        """Say who is about to do what to which processor; raises LogDown, and then it must not be done."""
        if self._record is not None:
            await self._log.post(self._record(subject=subject, action=action, place=place, operator=operator()))


@asynccontextmanager
async def operations(platform: Platform) -> AsyncGenerator[Operations, None]:
    record = next((cls for cls in platform.classes if cls.__name__ == RECORD), None)
    async with Log(platform.settings, platform.catalogue, await platform.codec(), origin="operator") as log:
        yield Operations(log, record)


def operator() -> str:
    """No name of a person: `PLAYLOG_OPERATOR`, or the number of the system's user."""
    return os.environ.get("PLAYLOG_OPERATOR") or f"uid-{os.getuid()}"
