"""`playlog simulate`: viewers for demos, tests and benches, who know what they did."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import click

from gateway.commands import local_address
from gateway.simulate.simulation import Simulation, Wanted
from streams.ending import end
from streams.platform import Platform


@click.group()
def cli() -> None:
    """Commands of the simulation."""


@cli.command()
@click.option("--viewers", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option("--rate", type=click.FloatRange(0, 1000, min_open=True), default=2.0, show_default=True,
              help="Visits a second.")  # fmt: skip
@click.option(
    "--seconds", type=click.FloatRange(1, 86_400), default=60.0, show_default=True, help="How long visits arrive."
)
@click.option("--speed", type=click.FloatRange(0, 10_000, min_open=True), default=10.0, show_default=True,
              help="How much faster than a clock they watch.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed and videos give the same day.")
@click.option("--videos", multiple=True, metavar="VIDEO_ID", help="Watch these; may be given several times.")
@click.option("--publish", type=click.IntRange(0, 1000), default=0, show_default=True,
              help="Invent so many videos (without pictures) to watch, and delete them at the end.")  # fmt: skip
@click.option("--probes", type=click.IntRange(0, 1000), default=0, show_default=True,
              help="Measure so many times how soon answers follow events.")  # fmt: skip
@click.option("--check", is_flag=True, help="Compare every view with the truth; exits with 1 where one is wrong.")
@click.option("--hostile", is_flag=True, help="Attack the gateway meanwhile; exits with 1 where an answer is wrong.")
@click.option("--truth", type=click.Path(dir_okay=False, path_type=Path), help="Write the truth here, as JSON.")
@click.option("--gateway", "address", envvar="PLAYLOG_GATEWAY", help="Address; the local one unless given.")
@click.pass_obj
def simulate(
    platform: Platform, viewers: int, rate: float, seconds: float, speed: float, seed: int, videos: tuple[str, ...],
    publish: int, probes: int, check: bool, hostile: bool, truth: Path | None, address: str | None,
) -> None:  # fmt: skip
    """Act as so many viewers: choose, watch, search, rate. Ends by itself; Ctrl-C ends it sooner."""
    from gateway.client.gateway import Refused

    wanted = Wanted(viewers, rate, seconds, speed, seed, videos, publish, probes, check, hostile)
    try:
        right = asyncio.run(_whole(platform, address or local_address(), wanted, truth))
    except (Refused, TimeoutError) as error:
        raise click.ClickException(
            str(error) or "the invented videos were not shown in time: is a worker up?"
        ) from error
    except KeyboardInterrupt:
        raise click.ClickException("interrupted: what is told above was confirmed") from None
    if not right:
        raise click.exceptions.Exit(1)


async def _whole(platform: Platform, address: str, wanted: Wanted, truth: Path | None) -> bool:
    """Whether all that was compared is right; what was done is printed however it ends."""
    from rich.console import Console

    from gateway.simulate import report
    from gateway.simulate.simulation import write_truth
    from gateway.simulate.stored import Stored
    from gateway.simulate.wire import Wire

    console = Console()
    async with AsyncExitStack() as stack:
        wire = await stack.enter_async_context(Wire(address))
        stored = await stack.enter_async_context(Stored.of(platform.settings)) if wanted.check else None
        simulation = Simulation(wire, wanted, stored)
        moving = asyncio.create_task(report.progress(console, simulation))
        try:
            compared = await simulation.whole()
        finally:
            await end(moving)
            report.done(console, simulation.confirmed, wire)
            if truth:
                write_truth(truth, simulation.confirmed)
    if wanted.probes:
        report.freshness(console, simulation.measured)
    if compared:
        report.compared(console, compared)
    return report.right(simulation.confirmed, compared)
