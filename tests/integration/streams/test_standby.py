"""A worker that keeps copies of what others have takes over with the tail left to recover, and the very state."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from streams import standby
from streams.changelog import changelog, recover
from streams.entry import APPLIED, WAKE, Applied, Timer, entry_key, timer_of
from streams.event import natural_id
from streams.local_state import LocalState
from streams.log import Log
from streams.opening import opened
from streams.platform import Platform
from streams.standby import Standby
from streams.store import Changes
from streams.transactions import Transactions
from tests import sample
from tests.sample import Deposited
from tests.sample_workers import Workers, eventually, read, rows

COPIED = re.compile(r"tally-changelog/(\d): the copy has come to offset (\d+)")
RECOVERED = re.compile(r"tally-changelog/(\d): recovered (\d+) records from offset (\d+)")
MANY, FEW = 3_000, 40


def deposits(numbers: Sequence[int]) -> list[Deposited]:
    """One for each of many accounts."""
    return [Deposited(event_id=natural_id("deposit", n), account=f"a{n}", amount=n) for n in numbers]


async def counted(platform: Platform, count: int) -> None:
    async def tallied() -> bool:
        return len(await read(platform, "tallies")) >= count

    await eventually(tallied)


async def test_a_take_over_recovers_the_tail_only(platform: Platform, log: Log, tmp_path: Path) -> None:
    workers = Workers(replace(platform.settings, standby=True), tmp_path)
    try:
        owner = workers.start("here", only=["tally"])
        await log.post_all(deposits(range(MANY)))
        await counted(platform, MANY)
        other = workers.start("there", only=["tally"])
        await eventually(lambda: COPIED.findall(workers.log(other)))
        [(partition, copied)] = COPIED.findall(workers.log(other))
        await log.post_all(deposits(range(MANY, MANY + FEW)))
        await counted(platform, MANY + FEW)
        workers.end(owner, signal.SIGKILL)
        await log.post_all(deposits(range(MANY + FEW, MANY + 2 * FEW)))
        await counted(platform, MANY + 2 * FEW)
        [(count, begin)] = [(int(n), int(o)) for p, n, o in RECOVERED.findall(workers.log(other)) if p == partition]
        assert begin >= int(copied) > MANY / 4
        assert count <= 2 * FEW + 10  # what `applied_offset` alone adds to
        assert len(await read(platform, "tallies")) == MANY + 2 * FEW
        every = {f"a{n}": (n, 1) for n in range(MANY + 2 * FEW)}
        await eventually(lambda: same_rows(platform, every))
        assert workers.end(other) == 0
    finally:
        workers.kill()


async def same_rows(platform: Platform, every: dict[str, tuple[int, int]]) -> bool:
    return await rows(platform, "tallies") == every


async def test_a_copy_comes_on_with_its_changelog(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "SETTLE", 0)
    settings = replace(platform.settings, home=str(tmp_path))
    transactions = Transactions(settings, "tally", 0)
    await transactions.start()
    async with opened(replace(platform, settings=settings), [sample.tally]) as context:
        copies = Standby(context)
        end = await transactions.commit([], entries(range(100), 0))
        await copies.follow("tally", [0, 1])
        await eventually(lambda: copies.positions.get(0, 0) >= end)
        await transactions.commit([], {entry_key("a7"): None})
        end = await transactions.commit([], entries(range(50), 1000))
        await eventually(lambda: copies.positions[0] >= end)
        await copies.follow("tally", [1])
        folder, topic = settings.state_of("tally", 0), changelog("tally")
        assert folder is not None
        state = LocalState.open(folder, await context.topic_id(topic))
        assert await recover(settings.kafka, settings.named(topic), 0, state) == 0
        assert timers(state) == [
            *(Timer(n, f"a{n}", WAKE) for n in range(50, 100)),
            *(Timer(1000 + n, f"a{n}", WAKE) for n in range(50)),
        ]
        assert [slot.name for slot in folder.iterdir()] == ["0"]
        state.close()
        await copies.stop()
    await transactions.stop()


def entries(numbers: range, due: int) -> Changes:
    """Entries with timers, due in the order of their numbers."""
    waking: Changes = {entry_key(f"a{n}"): msgspec.msgpack.encode({"state": {}, "wake_at": due + n}) for n in numbers}
    return {**waking, APPLIED: msgspec.msgpack.encode(Applied(due))}


def timers(state: LocalState) -> list[Timer]:
    """The timers, by the time at which they are due."""
    return [timer_of(key) for key, _ in state.store.scan(b"t")]
