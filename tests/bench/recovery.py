"""State recovery in figures: from an empty store to the end of a changelog, as a worker does on a new machine.

`make bench-recovery` takes about two minutes. A tally's changelog (what it has seen of each key) and a fold's whose
entries all have a timer; every key is in it twice. What is recovered is held against what was written. Its last line
is JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import confluent_kafka.admin
import msgspec

from streams.changelog import changelog, recover
from streams.entry import APPLIED, Applied, entry_key
from streams.local_state import LocalState
from streams.settings import Settings
from streams.transactions import Transactions
from tests.bench.ground import remove_topics, servers
from tests.bench.processor_time import Watch

sdk = cast("Any", confluent_kafka.admin)
RECORDS, EACH, RUNS = 1_000_000, 10_000, 3
Pair = tuple[bytes, bytes]


def seen(number: int) -> Pair:
    """What a tally keeps of a session."""
    return b"o" + _key(number).encode(), number.to_bytes(12, "big")


def entry(number: int) -> Pair:
    """What a fold keeps of a key that is forgotten after a while."""
    state = {"total": number, "number": number // 7}
    return entry_key(_key(number)), msgspec.msgpack.encode({"state": state, "forget_at": 1_764_000_000_000 + number})


def main() -> None:
    with servers() as settings:
        rates = {kind: asyncio.run(measured(settings, kind, pair)) for kind, pair in KINDS.items()}
        remove_topics(settings)
    print(f"{os.cpu_count()} cores, {RECORDS:,} records in transactions of {EACH:,}, medians of {RUNS}")
    print(f"{'':12}{'records/s':>12}{'per core':>12}{'µs/record':>11}{'MB':>7}")
    for kind, m in rates.items():
        print(f"{kind:12}{m['per_second']:>12,.0f}{m['per_core_second']:>12,.0f}{m['us']:>11.2f}{m['megabytes']:>7.0f}")
    tally, fold = rates["tally"], rates["fold"]
    print(json.dumps({
        "recovery_per_s": round(tally["per_second"]), "recovery_per_core_s": round(tally["per_core_second"]),
        "fold_per_s": round(fold["per_second"]), "fold_per_core_s": round(fold["per_core_second"]), "exact": True,
    }))  # fmt: skip


async def measured(settings: Settings, kind: str, pair: Callable[[int], Pair]) -> dict[str, float]:
    """Medians of the runs; each ends with the very state that was written."""
    written = await _fill(settings, kind, pair)
    runs = [await _recovered(settings, kind, written) for _ in range(RUNS)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


async def _fill(settings: Settings, kind: str, pair: Callable[[int], Pair]) -> dict[bytes, bytes]:
    admin: Any = sdk.AdminClient({"bootstrap.servers": settings.kafka})
    topic = sdk.NewTopic(settings.named(changelog(kind)), 1, settings.replication, config={"cleanup.policy": "compact"})
    for made in admin.create_topics([topic]).values():
        made.result(30)
    transactions, written = Transactions(settings, kind, 0), dict[bytes, bytes]()
    await transactions.start()
    for number in range(0, RECORDS, EACH):
        lot = dict(pair(n) for n in range(number, number + EACH))
        lot[APPLIED] = msgspec.msgpack.encode(Applied(number))
        await transactions.commit([], lot)
        written |= lot
    await transactions.stop()
    return written


async def _recovered(settings: Settings, kind: str, written: dict[bytes, bytes]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        state, watch = LocalState.open(Path(folder), kind), Watch()
        watch.start(0)
        watch.stop(await recover(settings.kafka, settings.named(changelog(kind)), 0, state))
        assert {key: state.store.get(key) for key in written} == written, "the state is not the changelog's"
        state.close()
    return watch.figures


def _key(number: int) -> str:
    """Half as many keys as records, in no order."""
    return f"{number * 7919 % (RECORDS // 2):032x}"


KINDS: dict[str, Callable[[int], Pair]] = {"tally": seen, "fold": entry}

if __name__ == "__main__":
    main()
