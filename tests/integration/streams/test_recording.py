"""`playlog record` takes a slice of the log that a harness runs as the worker ran it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from streams.commands import cli
from streams.harness import Recording, run
from streams.log import Log
from streams.platform import Platform
from tests.integration.streams.hosted import MemoryStores, hosted
from tests.integration.streams.posting import counted, deposits
from tests.sample import Counted, count_deposits
from tests.sample_workers import eventually, read


async def record(platform: Platform, folder: Path, *arguments: str) -> Recording:
    """As an operator calls it; it must succeed."""
    answer = await asyncio.to_thread(CliRunner().invoke, cli, ["record", *arguments], obj=platform)
    assert answer.exit_code == 0, answer.output
    path = folder / "slice"
    path.write_text(answer.stdout)
    return Recording.load(path)


async def test_what_was_recorded_gives_the_same_events(platform: Platform, log: Log, tmp_path: Path) -> None:
    await log.post_all(deposits(4))
    recording = await record(platform, tmp_path, "deposits")
    async with hosted(platform, count_deposits, MemoryStores()):

        async def all_counted() -> bool:
            return await counted(platform) == [1, 2, 3, 4]

        await eventually(all_counted)
    emitted = run(count_deposits, recording, catalogue=platform.catalogue).emitted
    assert emitted == [event for event in await read(platform, "totals") if isinstance(event, Counted)]


async def test_a_slice_has_a_beginning_and_an_end(platform: Platform, log: Log, tmp_path: Path) -> None:
    await log.post_all(deposits(4))
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    assert len((await record(platform, tmp_path, "deposits", "--from", yesterday, "--to", tomorrow)).records) == 4
    assert not (await record(platform, tmp_path, "deposits", "--to", yesterday)).records
    assert not (await record(platform, tmp_path, "deposits", "--key", "bob")).records
