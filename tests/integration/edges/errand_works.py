"""Works that run errands as told; as a program, a worker of them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from streams.event import Event, natural_id, seconds
from streams.platform import Platform
from streams.processor import work
from streams.settings import Settings
from streams.store_errors import StoreDown
from streams.tasks import run_works
from tests.integration.edges.errands import CATALOGUE, CLASSES, ErrandAsked, ErrandDone, ErrandFailed, ParcelAsked

SIZES = (10_000, 9_000, 10, 8_000, 1_500_000, 10)  # aiokafka by itself: 16 KiB a batch, 1 MiB an event


@dataclass
class Diary:
    """What a worker did, and the state of its world."""

    name: str = "here"
    tried: list[str] = field(default_factory=list)
    outages: int = 0  # how many more times the store is down


def errand_failed(task: ErrandAsked, error: BaseException) -> Event:
    return ErrandFailed(
        event_id=natural_id(task.task_id, "failed"), subject=task.subject, task_id=task.task_id, error=repr(error)
    )


@work(reads=ErrandAsked, emits=[ErrandDone, ErrandFailed], failed=errand_failed, time_limit=seconds(4))
async def run_errand(task: ErrandAsked, diary: Diary) -> AsyncIterator[Event]:
    diary.tried.append(task.task_id)
    print(task.how, flush=True)
    match task.how:
        case "refuse":
            raise PermissionError("no such street")
        case "dawdle" | "slow":
            await asyncio.sleep(60 if task.how == "dawdle" else 2)
        case "outage" if diary.outages:
            diary.outages -= 1
            raise StoreDown("the store is closed")
        case "die":
            os.kill(os.getpid(), 9)
        case "at length":
            for step, size in enumerate(SIZES):
                told = natural_id(task.task_id, "at length", step)
                yield ErrandDone(
                    event_id=told, subject=task.subject, task_id=task.task_id, step=step, worker="x" * size
                )
            return
        case "anonymous":
            yield ErrandDone(subject=task.subject, task_id=task.task_id)
        case _:
            pass
    for step in range(2):
        yield ErrandDone(
            event_id=natural_id(task.task_id, step),
            subject=task.subject, task_id=task.task_id, step=step, worker=diary.name,
        )  # fmt: skip


@work(reads=ParcelAsked, emits=ErrandDone, time_limit=seconds(12))
async def carry_parcel(task: ParcelAsked, diary: Diary) -> AsyncIterator[Event]:
    diary.tried.append(task.task_id)
    print("carrying", flush=True)
    if diary.name == "lame":
        await asyncio.sleep(60)
    if task.subject == "lead":
        raise ValueError("too heavy")
    yield ErrandDone(
        event_id=natural_id(task.task_id), subject=task.subject, task_id=task.task_id, worker=f"{diary.name} carrier"
    )


WORKS = (run_errand, carry_parcel)


async def main(name: str) -> None:
    platform = Platform(Path(), Settings.from_environment(), CATALOGUE, CLASSES, WORKS)
    await run_works(platform, WORKS, {Diary: Diary(name)}, ready=lambda: print("ready", flush=True))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
