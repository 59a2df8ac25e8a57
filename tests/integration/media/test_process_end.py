"""A confined process that misbehaves where the kernel has no filter: it and all that it started are gone at the end."""

from __future__ import annotations

import asyncio
import time

import psutil
import pytest

from processors.media import isolation, process
from processors.media.confined import confined
from processors.media.jobs import ProbeJob
from processors.media.limits import Crashed, Limits
from tests.integration.media.test_confined import command_of

FORKING = "import os, time; os.fork(); time.sleep(300)"
HANGING_UP = "import os, sys, time; os.close(int(sys.argv[2])); os.fork(); time.sleep(300)"


class Nothing:
    """A source that nobody reads."""

    size = 1

    async def read(self, offset: int, length: int) -> bytes:
        raise AssertionError("nobody reads it")


async def test_what_a_process_started_ends_with_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolation, "bubblewrap", tuple)
    monkeypatch.setattr(process, "BOOT", FORKING)
    started = await process.Process.start(ProbeJob(), Nothing(), Limits())
    inside = await asyncio.to_thread(parent_and_child)

    await asyncio.wait_for(started.end(), 60)

    _, alive = psutil.wait_procs(inside, timeout=60)
    assert alive == []


def parent_and_child() -> list[psutil.Process]:
    """Both processes of FORKING, when they are there."""
    while len(inside := children(FORKING)) < 2:
        time.sleep(0.01)
    return inside


async def test_a_process_that_hangs_up_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolation, "bubblewrap", tuple)
    monkeypatch.setattr(process, "BOOT", HANGING_UP)
    monkeypatch.setattr(process, "PARTING_S", 0.1)

    with pytest.raises(Crashed, match="SIGKILL"):
        await asyncio.wait_for(anext(confined(ProbeJob(), Nothing())), 60)

    assert children(HANGING_UP) == []


def children(program: str) -> list[psutil.Process]:
    """The processes of this test run that run a program."""
    return [one for one in psutil.Process().children(recursive=True) if program in command_of(one)]
