"""What the simulation prints: what was done, how fresh the answers were, and what was compared."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from gateway.simulate.compare import Compared, wrong
from gateway.simulate.confirmed import Confirmed
from gateway.simulate.freshness import Freshness
from gateway.simulate.simulation import Simulation
from gateway.simulate.wire import Wire

FIRST = 10  # differences told in words


async def progress(console: Console, simulation: Simulation) -> None:
    """One line on a terminal that moves until it is cancelled."""
    with console.status("getting ready") as line:
        while True:
            if day := simulation.day:
                told = f"{day.done} of {len(simulation.visits)} visits, {simulation.confirmed.events} events confirmed"
                line.update(told if day.done < len(simulation.visits) else f"{told}; comparing")
            await asyncio.sleep(0.3)


def done(console: Console, confirmed: Confirmed, wire: Wire) -> None:
    """One paragraph: also what a day that was interrupted leaves."""
    viewers = len(confirmed.guests)
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(wire.calls.items()))
    console.print(
        f"{viewers} viewers, {len(confirmed.sessions)} sessions, {confirmed.events} events confirmed "
        f"({len(confirmed.beacons)} distinct beacons, {len(confirmed.ratings)} ratings)",
        f"answers: {answers}; asked again {wire.repeated} times",
        sep="\n",
        highlight=False,
        soft_wrap=True,
    )
    if confirmed.unknown:
        console.print(f"[yellow]{confirmed.unknown} requests have no answer: whether they count is not known[/]")
    for refusal in confirmed.refused[:FIRST]:
        console.print(f"[red]refused[/] {refusal}", highlight=False)


def freshness(console: Console, measured: Freshness) -> None:
    """Milliseconds from what was sent until the answer had it."""
    table = Table("event → answer", "probes", "p50 ms", "p95 ms")
    for name, times in measured.times.items():
        table.add_row(name, str(len(times)), str(measured.percentile(name, 50)), str(measured.percentile(name, 95)))
    console.print(table)
    for late in measured.late[:FIRST]:
        console.print(f"[yellow]late[/] {late}", highlight=False)


def compared(console: Console, found: Sequence[Compared]) -> None:
    """A row a view, then the first differences in words."""
    table = Table("view", "compared", "wrong")
    for view in found:
        table.add_row(view.view, str(view.compared), str(len(view.wrong)))
    console.print(table)
    for difference in wrong(found)[:FIRST]:
        console.print(f"[red]wrong[/] {difference}", highlight=False, soft_wrap=True)


def right(confirmed: Confirmed, found: Sequence[Compared]) -> bool:
    """Whether nothing that was compared is wrong, and nothing of good traffic was refused or left open."""
    return not wrong(found) and not confirmed.refused and not confirmed.unknown
