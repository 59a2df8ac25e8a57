"""The engine in figures: a tally with everything exactness needs, against what one would take or write otherwise.

`make bench-engine` takes about five minutes and wants the machine for itself. A million playback beacons in four
partitions; each form in turn has one core to itself, the servers have the others, and counts by video. Plain Faust and
Quix Streams count the first beacons only, as they take so long. The tally keeps its state in a store and a changelog,
commits a transaction a batch and writes its rows to Cassandra; a second one also leaves out what was sent twice. Then a
fold: one event after the other, one emitted for each session. Its last line is JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import venv
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deploy.assembly import platform
from schemas.view_counts import ViewCounted
from streams.catalogue import Schema
from streams.platform import Platform
from streams.processor import Tally
from streams.registry import Registry
from streams.stored import stored_rows
from streams.tail import Tail
from tests.bench import recovery
from tests.bench.beacons import SESSIONS, Truth, pour
from tests.bench.engine_fold import views
from tests.bench.engine_forms import Task
from tests.bench.engine_tally import counts, counts_once
from tests.bench.ground import declared, servers

RUNS = 3
CORE = max(os.sched_getaffinity(0))
QUIX = "quixstreams==3.28.1"
FAUST_EVENTS, QUIX_EVENTS = 50_000, 100_000
TALLY, ONCE, FOLD = "tally, exact", "tally, exact, repeats left out", "fold, an event a session"
LOOP, FAUST, PEER = "loop by hand, no state kept", "plain Faust with a table", "Quix Streams, grouped, with state"
KINDS = ("per_second", "per_core_second", "us", "megabytes", "off")
Figures = list[dict[str, float]]


def main() -> None:
    quix = quix_python()
    others = os.sched_getaffinity(0) - {CORE} or {CORE}
    os.sched_setaffinity(0, others)  # for the servers, and for what this process asks of them
    with servers() as settings:
        tallies = [make(f"{make.__name__}_{run}") for run in range(RUNS) for make in (counts, counts_once)]
        made = replace(platform(settings), processors=(*tallies, views("views_0")))
        figures = asyncio.run(measured(made, quix))
        pin()
        recovered = asyncio.run(recovery.measured(settings, "tally", recovery.seen))["per_second"]
    show(figures, recovered)


def quix_python() -> Path:
    """A Python that has Quix Streams: it wants another confluent-kafka than Playlog."""
    folder = Path(sys.prefix) / "quix"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", QUIX], check=True)
    return python


async def measured(made: Platform, quix: Path) -> dict[str, Figures]:
    """What every form has said of each of its runs; Playlog's are all exact."""
    figures: dict[str, Figures] = {form: [] for form in (LOOP, FAUST, PEER, TALLY, ONCE, FOLD)}
    async with declared(made):
        codec = await made.codec()
        async with Registry(made.settings) as registry:
            ids = await registry.ids(made.catalogue)
        truth = pour(made.settings, codec)
        bench = Bench(made, truth, codec.schemas(ids["PlaybackBeacon"])[0])
        for run in range(RUNS):
            figures[LOOP].append(bench.counted("engine_loop", run, truth.events))
            figures[FAUST].append(bench.counted("engine_faust", run, FAUST_EVENTS))
            figures[PEER].append(bench.counted("engine_quix", run, QUIX_EVENTS, quix))
            figures[TALLY].append(await bench.shown(counts(f"counts_{run}"), truth.sent))
            figures[ONCE].append(await bench.shown(counts_once(f"counts_once_{run}"), truth.once))
        figures[FOLD].append(await bench.emitted("views_0"))
    return figures


@dataclass(frozen=True)
class Bench:
    """Runs forms as processes that have a core to themselves, and checks what came of it."""

    platform: Platform
    truth: Truth
    schema: Schema  # without logical types, which fastavro would turn into objects

    def counted(self, form: str, run: int, events: int, python: Path = Path(sys.executable)) -> dict[str, float]:
        """A form that keeps its counts to itself: how far off they are is said, not judged."""
        figures = self._told(form, f"{form}-{run}", events, python)
        beacons = Counter[str](figures.pop("beacons"))
        return {**figures, "off": abs(beacons.total() - events)}

    async def shown(self, tally: Tally, truth: Counter[str]) -> dict[str, float]:
        """A tally, by its rows."""
        figures = self._told("engine_tally", tally.name, self.truth.events)
        beacons: Counter[str] = Counter()
        async for row in stored_rows(self.platform.settings, tally.into):
            beacons[row.key[0]] += row.cells["beacons"]
            assert row.cells["watched_ms"] == 10_000 * row.cells["beacons"]
        assert beacons == truth, f"{tally.name} is not exact"
        return {**figures, "off": 0}

    async def emitted(self, name: str) -> dict[str, float]:
        """The fold, by what it emitted: a view for each session."""
        figures = self._told("engine_fold", name, self.truth.events)
        tail = Tail(self.platform.settings, await self.platform.codec())
        views = [seen.event async for seen in tail.until_now([ViewCounted.topic])]
        sessions = Counter(view.session_id for view in views if isinstance(view, ViewCounted))
        assert set(sessions.values()) == {1}, f"{name} is not exact"
        assert len(sessions) == SESSIONS, f"{name} is not exact"
        return {**figures, "off": 0}

    def _told(self, form: str, name: str, events: int, python: Path = Path(sys.executable)) -> dict[str, Any]:
        settings = self.platform.settings
        folder = Path(settings.home) / name
        folder.mkdir(parents=True)
        task = Task(settings.kafka, settings.named("playback"), name, events, self.schema, str(folder))
        done = subprocess.run(
            [python, "-m", f"tests.bench.{form}", json.dumps(task)],
            env={**os.environ, **settings.environment()}, stdout=subprocess.PIPE, check=True, preexec_fn=pin,
        )  # fmt: skip
        return json.loads(done.stdout.splitlines()[-1])


def pin() -> None:
    os.sched_setaffinity(0, {CORE})


def show(figures: dict[str, Figures], recovered: float) -> None:
    print(f"{os.cpu_count()} cores, a form has one of them; medians of {RUNS} runs in turn, the fold's of one")
    print(f"{'':36}{'events/s':>12}{'per core':>12}{'µs/event':>10}{'MB':>7}{'off by':>9}")
    medians = {form: {k: statistics.median(run[k] for run in runs) for k in KINDS} for form, runs in figures.items()}
    for form, m in medians.items():
        rates = f"{m['per_second']:>12,.0f}{m['per_core_second']:>12,.0f}"
        print(f"{form:36}{rates}{m['us']:>10.2f}{m['megabytes']:>7.0f}{m['off']:>9,.0f}")

    def times(peer: str) -> float:
        """By the clock and by processor time, whichever says less."""
        return round(min(medians[TALLY][kind] / medians[peer][kind] for kind in ("per_second", "per_core_second")), 2)

    print(json.dumps({
        "vs_faust_table": times(FAUST), "vs_quix": times(PEER), "vs_confluent_fastavro": times(LOOP),
        "tally_per_core_s": round(medians[TALLY]["per_core_second"]),
        "once_per_core_s": round(medians[ONCE]["per_core_second"]),
        "fold_per_core_s": round(medians[FOLD]["per_core_second"]),
        "recovery_per_s": round(recovered), "exact": True,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
