"""`playlog new`: write what a new part of the platform begins with."""

from __future__ import annotations

import click

from deploy import ROOT
from deploy.scaffold.request import Kind, Unfit, request
from deploy.scaffold.writing import write
from streams.catalogue import Catalogue, CatalogueError


@click.group()
def cli() -> None:
    """Scaffolds."""


@cli.group()
def new() -> None:
    """Write what a new part of the platform begins with."""


@new.command()
@click.argument("name")
@click.option("--reads", required=True, metavar="TOPIC", help="The topic it reads; for a work, a new topic of tasks.")
@click.option("--kind", type=click.Choice(["fold", "view", "work"]), default="fold", show_default=True)
@click.option("--event", help="Which of the topic's events; the first, if none is named.")
@click.option(
    "--emits", metavar="TOPIC/EVENT", help="The new topic and event it makes, such as stall-flags/StallFlagged."
)
def processor(name: str, reads: str, kind: Kind, event: str | None, emits: str | None) -> None:
    """Write processor NAME (a verb phrase, such as flag_stalls) with its test and topic, ready to be changed."""
    try:
        wanted = request(ROOT, Catalogue.load(ROOT), name, kind, reads, event, emits)
        written = write(ROOT, wanted)
    except (Unfit, CatalogueError, OSError) as error:
        raise click.ClickException(str(error)) from error
    for path in sorted(set(written)):
        click.echo(path)
    click.echo(f"\nnext: change {wanted.file} and its test, then  make test-unit  and  make lint")
