"""A recovery that is killed goes on where it was, and ends with the state that the changelog says."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import msgspec

from streams.admin import Topics
from streams.changelog import changelog, recover
from streams.entry import APPLIED, Applied, entry_key
from streams.local_state import LocalState
from streams.settings import Settings
from streams.store import Changes
from streams.transactions import Transactions
from tests import sample

ROOT = Path(__file__).resolve().parents[3]
RECORDS, LOTS, PARTS = 120_000, 24, 4
RECOVERY = """
import asyncio, sys
from pathlib import Path
from streams.changelog import recover
from streams.local_state import LocalState

class Told(LocalState):
    def recover(self, pairs, checkpoint):
        super().recover(pairs, checkpoint)
        print(checkpoint, flush=True)

kafka, topic, folder = sys.argv[1:]
asyncio.run(recover(kafka, topic, 0, Told.open(Path(folder), "log-1")))
"""


async def test_a_killed_recovery_goes_on_to_the_very_state(settings: Settings, tmp_path: Path) -> None:
    end, written = await filled(settings)
    topic = settings.named(changelog("tally"))
    await asyncio.to_thread(recover_and_die, settings.kafka, topic, str(tmp_path))
    state = LocalState.open(tmp_path, "log-1")
    assert state.checkpoint < end
    await recover(settings.kafka, topic, 0, state)
    stored = {key: value for prefix in (b"k", b"a") for key, value in state.store.scan(prefix)}
    assert stored == {key: value for key, value in written.items() if value is not None}
    due = [int.from_bytes(key[1:9], "big") for key, _ in state.store.scan(b"t")]
    assert due == sorted(msgspec.msgpack.decode(value)["wake_at"] for key, value in stored.items() if key != APPLIED)
    state.close()


def recover_and_die(*arguments: str) -> None:
    """Recover in a process that is killed when parts are written and the next is on its way."""
    with subprocess.Popen([sys.executable, "-c", RECOVERY, *arguments], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(PARTS):
            process.stdout.readline()
        process.kill()


def waking(at: int) -> bytes:
    """An entry with a timer, so large that a part of the state is on the disk before all of it is recovered."""
    return msgspec.msgpack.encode({"wake_at": at, "state": at.to_bytes(8, "big") * 60})


async def filled(settings: Settings) -> tuple[int, Changes]:
    """A changelog in which keys are written again and deleted; its end, and what it comes to."""
    topics, made = Topics(settings), sample.platform(settings, partitions=1)
    await topics.apply(await topics.plan(made.catalogue, [sample.tally]))
    transactions, written, end = Transactions(settings, "tally", 0), Changes(), 0
    await transactions.start()
    each = RECORDS // LOTS
    for lot in range(LOTS):
        numbers = range(lot * each, (lot + 1) * each)
        changes: Changes = {
            entry_key(str(n * 7919 % (RECORDS // 2))): None if n % 10 == 0 else waking(n) for n in numbers
        }
        changes[APPLIED] = msgspec.msgpack.encode(Applied(lot))
        end = await transactions.commit([], changes)
        written |= changes
    await transactions.stop()
    return end, written
