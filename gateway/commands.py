"""The gateway's part of the `playlog` command: serve it, and be its client."""

from __future__ import annotations

import asyncio
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


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", default="", help="What the video is called; the file's name unless given.")
@click.option("--description", default="", help="Free text.")
@click.option("--tag", "tags", multiple=True, help="May be given several times.")
@click.option("--visibility", type=click.Choice(["public", "unlisted", "private"]), default="public", show_default=True)
@click.option("--resume", metavar="VIDEO_ID", help="Go on with an upload that was interrupted.")
@click.option("--gateway", "address", envvar="PLAYLOG_GATEWAY", help="Address; the local one unless given.")
@click.option("--token", "bearer", envvar="PLAYLOG_TOKEN", help="A development token is made unless given.")
@click.pass_obj
def upload(
    platform: Platform, file: Path, title: str, description: str, tags: tuple[str, ...], visibility: str,
    resume: str | None, address: str | None, bearer: str | None,
) -> None:  # fmt: skip
    """Upload FILE and stay until it is published; exits with 1 and the reason where that fails."""
    from rich.console import Console

    from gateway.client.gateway import Gateway, Refused
    from gateway.client.screen import Screen
    from gateway.client.upload import upload as take

    words = {"title": title, "description": description, "tags": list(tags), "visibility": visibility}
    bearer = bearer or development_token(Path(platform.settings.home), "creator", "dev")

    async def whole() -> None:
        async with Gateway(address or local_address(), bearer) as gateway:
            with Screen(Console(), file.name) as screen:
                outcome = await take(gateway, file, words, resume, screen)
                if not outcome.published:
                    raise click.ClickException(outcome.reason)
                screen.published()

    try:
        asyncio.run(whole())
    except (Refused, TimeoutError) as error:
        raise click.ClickException(str(error) or "the gateway did not settle the upload in time") from error
    except KeyboardInterrupt:
        raise click.ClickException("interrupted\n  mend:   the same command with --resume and the video's id") from None


def local_address() -> str:
    """Where `playlog gateway` of this environment listens."""
    options = Options.from_environment()
    host = "127.0.0.1" if options.host == "0.0.0.0" else options.host
    return f"http://{host}:{options.port}"


@cli.command()
@click.argument("video")
@click.pass_obj
def why(platform: Platform, video: str) -> None:
    """Print what happened to VIDEO and because of what, and what it is waiting for now."""
    from gateway.why import story

    try:
        for line in asyncio.run(story(platform, video)):
            click.echo(line)
    except (LookupError, RuntimeError, OSError) as error:
        raise click.ClickException(str(error)) from error
