"""A rebuild that is killed goes on where it was; two at once are refused; the former version is gone in the end."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from streams.event import natural_id
from streams.log import Log
from streams.platform import Platform
from streams.positions import ViewPositions
from streams.rebuild import Options, rebuild
from streams.rebuild_claim import RebuildError
from streams.verification import verify
from tests.sample import Counted, show_totals
from tests.sample_statements import cql
from tests.sample_workers import ROOT, Workers, eventually

ACCOUNTS, ROUNDS = 1_000, 20


async def applied(platform: Platform, view: str) -> int:
    async with ViewPositions(platform.settings) as positions:
        return sum(offset + 1 for offset in (await positions.applied(view, "totals")).values())


async def post(log: Log) -> None:
    for round_ in range(1, ROUNDS + 1):
        await log.post_all(
            [
                Counted(event_id=natural_id(n, round_), occurred_at=1, account=f"a{n}", total=round_, number=round_)
                for n in range(ACCOUNTS)
            ]
        )


def started(platform: Platform, folder: Path) -> subprocess.Popen[bytes]:
    """A rebuild in a process of its own."""
    environment = {**os.environ, **platform.settings.environment(), "PYTHONPATH": str(ROOT)}
    with (folder / "rebuild.log").open("wb") as out:
        command = [sys.executable, "-m", "tests.sample_rebuild", "show_totals"]
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=out)


async def test_a_killed_rebuild_goes_on_where_it_was(
    platform: Platform, log: Log, workers: Workers, tmp_path: Path
) -> None:
    workers.start(only=["show_totals"])
    await post(log)

    async def shown() -> bool:
        return await applied(platform, "show_totals") == ACCOUNTS * ROUNDS

    await eventually(shown)
    process = started(platform, tmp_path)
    try:
        while not await applied(platform, "show_totals-v2"):
            assert process.poll() is None
            await asyncio.sleep(0.05)
    finally:
        process.kill()
        process.wait(10)
    with pytest.raises(RebuildError, match=r"show_totals is being rebuilt by .*/.*\n  mend:"):  # for all one knows
        await rebuild(platform, show_totals, Options(), print)
    done = await applied(platform, "show_totals-v2")
    assert 0 < done < ACCOUNTS * ROUNDS

    told: list[str] = []

    async def taken_up() -> bool:
        try:
            await rebuild(platform, show_totals, Options(rows=True, grace=2), told.append)
        except RebuildError:
            return False
        return True

    await eventually(taken_up)
    [caught_up] = [text for text in told if text.startswith("caught up: ")]
    assert int(caught_up.split()[2].replace(",", "")) <= ACCOUNTS * ROUNDS - done
    assert "totals: 1000 rows, 1000 in the next version, 0 rows differ" in told
    assert await applied(platform, "show_totals-v2") == ACCOUNTS * ROUNDS
    verdict = await verify(platform, show_totals)
    assert (verdict.rows, verdict.wrong) == (ACCOUNTS, 0)
    assert await applied(platform, "show_totals") == 0
    found = await cql(platform, "SELECT table_name FROM system_schema.tables WHERE keyspace_name = '{k}'")
    assert {row["table_name"] for row in found} >= {"totals_v2"}
    assert "totals" not in {row["table_name"] for row in found}
