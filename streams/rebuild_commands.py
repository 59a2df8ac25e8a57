"""`playlog rebuild`: the next version of a view, a fold or a tally, from the log."""

from __future__ import annotations

import click

from streams.dead_letter_commands import named
from streams.keyspace import MigrationError
from streams.letters import TooManyDeadLetters
from streams.log import LogDown
from streams.platform import Platform
from streams.processor import ProcessorError
from streams.rebuild import Options
from streams.rebuild import rebuild as build
from streams.rebuild_claim import RebuildError
from streams.told import told
from streams.topic_ids import TopicMissing


@click.command("rebuild")
@click.argument("processor")
@click.option(
    "--compare", type=click.Choice(["count", "rows"]), default="count", show_default=True,
    help="Compare with the former version how many rows there are, or each row and each event.",
)  # fmt: skip
@click.option("--only-equal", is_flag=True, help="Let the former version go on serving where anything differs.")
@click.option(
    "--grace", type=click.FloatRange(min=5), default=60, show_default=True, metavar="SECONDS",
    help="How long the former version stays after the next one serves.",
)  # fmt: skip
@click.pass_obj
def rebuild(platform: Platform, processor: str, compare: str, only_equal: bool, grace: float) -> None:
    """Build what PROCESSOR shows (and its state) anew from the log, beside what serves; then let that serve.

    Whatever writes into the same tables is rebuilt with it. Events are not emitted again: the next version of a
    fold emits from where the former stopped, and what it would have emitted before is compared, as the rows are.
    Cut short, run it again: it goes on where it was.
    """
    options = Options(rows=compare == "rows", only_equal=only_equal, grace=grace)
    try:
        told(build(platform, named(platform, processor), options, click.echo))
    except (ProcessorError, RebuildError, MigrationError, TopicMissing, TooManyDeadLetters, LogDown) as error:
        raise click.ClickException(str(error)) from error
