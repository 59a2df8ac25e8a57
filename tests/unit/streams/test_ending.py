"""Ending tasks, also those that swallow a cancellation."""

from __future__ import annotations

import asyncio

import pytest

from streams import ending


async def test_a_task_that_swallows_a_cancellation_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AGAIN", 0.01)
    swallowed = 0

    async def loops() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed == 3:
                    raise

    task = asyncio.create_task(loops())
    await asyncio.sleep(0)
    await ending.end(task)
    assert task.cancelled()
    assert swallowed == 3


async def test_tasks_that_have_ended_or_fail_are_no_trouble() -> None:
    async def fails() -> None:
        raise ValueError("as it happens")

    failed, slept = asyncio.create_task(fails()), asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    await ending.end(failed, slept)
    assert isinstance(failed.exception(), ValueError)
    assert slept.cancelled()
    await ending.end()
