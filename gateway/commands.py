"""The gateway's part of the `playlog` command: serve it, and be its client."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from gateway.access.caller import ROLES, Role
from gateway.access.secrets import private_key
from gateway.access.tokens import DEVELOPMENT_LIFETIME, issue
from gateway.options import Options
from streams.platform import Platform


@click.group()
def cli() -> None:
    """Commands of the gateway."""


@cli.command()
@click.pass_obj
def gateway(platform: Platform) -> None:
    """Serve the HTTP interface and the web page at PLAYLOG_PORT (8080)."""
    import uvloop

    from gateway.app import serve

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    try:
        uvloop.run(serve(platform, Options.from_environment()))
    except (ValueError, RuntimeError, OSError) as error:
        raise click.ClickException(str(error)) from error


@cli.command()
@click.option("--role", type=click.Choice(ROLES), default="creator", show_default=True)
@click.option("--subject", default="dev", show_default=True, help="Who the token stands for.")
@click.option("--days", type=click.IntRange(1, 365), default=DEVELOPMENT_LIFETIME // 86400, show_default=True)
@click.pass_obj
def token(platform: Platform, role: Role, subject: str, days: int) -> None:
    """Print a development token, signed with the key that `make up` made."""
    click.echo(development_token(Path(platform.settings.home), role, subject, days * 86400))


def development_token(home: Path, role: Role, subject: str, lifetime: int = DEVELOPMENT_LIFETIME) -> str:
    """Raises a click error where the installation has no private key."""
    key = private_key(home)
    if key is None:
        raise click.ClickException(
            f"no private key in {home / 'keys'}\n  mend:   run `make up`, or give --token from your own issuer"
        )
    return issue(key, subject, role, lifetime)[0]
