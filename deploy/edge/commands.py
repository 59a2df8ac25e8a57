"""`playlog edge`: what it spared the gateway, and its configuration for another machine."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import click

from deploy.edge.hits import lines, tally
from deploy.local.configuration import Local
from deploy.local.edge import request_log

PATH = click.Path(path_type=Path)


@click.group()
def cli() -> None:
    """The edge's commands."""


@cli.group()
def edge() -> None:
    """The cache in front of media."""


@edge.command()
@click.option("--log", type=click.Path(path_type=Path, exists=True), help="Another edge's log.")
@click.option("--minutes", type=float, help="Only the last minutes.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def hits(log: Path | None, minutes: float | None, as_json: bool) -> None:
    """Count the edge's requests, hits and bytes, from its log."""
    since = time.time() - minutes * 60 if minutes else 0
    counted = tally(line for line in lines(log or request_log(Local.from_environment())) if line.at >= since)
    click.echo(json.dumps(asdict(counted) | {"ratio": round(counted.ratio, 4)}) if as_json else str(counted))


@edge.command()
@click.option("--listen", default="80", show_default=True, help="Port, or address and port, to serve at.")
@click.option("--gateway", default="127.0.0.1:8080", show_default=True, help="Address and port of the gateway.")
@click.option("--folder", default="/var/cache/playlog", show_default=True, type=PATH, help="Where objects are kept.")
@click.option("--log", default="/var/log/nginx/playlog.log", show_default=True, type=PATH, help="A line a request.")
@click.option("--size", default="20g", show_default=True, help="How much to keep on disk.")
@click.option("--keys", default="64m", show_default=True, help="Memory that knows of it: 8,000 objects a megabyte.")
@click.option("--user", default="www-data", show_default=True, help="Who serves.")
@click.option("--certificate", nargs=2, type=PATH, help="Certificate and key (PEM), for TLS and HTTP/2.")
def config(
    listen: str, gateway: str, folder: Path, log: Path, size: str, keys: str, user: str,
    certificate: tuple[Path, Path] | None,
) -> None:  # fmt: skip
    """Print nginx.conf for a machine of its own. It holds the secret of media links."""
    from deploy.edge.rendering import Edge, render
    from gateway.access.secrets import SecretMissing, media_secret

    try:
        edge = Edge(
            listen=listen, gateway=gateway, secret=media_secret(Local.from_environment().home), folder=folder, log=log,
            size=size, keys=keys, user=user, certificate=certificate,
            pid=Path("/run/nginx.pid"), errors="/var/log/nginx/error.log",  # where Debian's service looks for them
        )  # fmt: skip
        click.echo(render(edge))
    except (SecretMissing, ValueError) as reason:
        raise click.ClickException(str(reason)) from None
