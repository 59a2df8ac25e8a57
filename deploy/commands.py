"""The `playlog` command: put together from the command groups that live with their subject."""

from __future__ import annotations

from importlib import import_module

import click

from deploy import ROOT
from deploy.local.configuration import settings_here
from streams.catalogue import Catalogue
from streams.platform import Platform

OF_THE_MACHINE = ("deploy.local.commands", "deploy.edge.commands")
OF_THE_PLATFORM = (
    "streams.commands",
    "deploy.scaffold.commands",
    "deploy.worker",
    "deploy.recount",
    "deploy.store.commands",
    "deploy.encodes.commands",
    "gateway.commands",
    "gateway.finding.commands",
    "gateway.simulate.commands",
)  # find the platform as click's `obj`
WITHOUT_RECORDS = ("schemas", "new")  # what makes the records can't need them


class Assembled(click.Group):
    """The commands of several modules' `cli` as one; a module is imported when a command is looked for in it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for module in (*OF_THE_MACHINE, *OF_THE_PLATFORM) for name in group(module).list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for module in (*OF_THE_MACHINE, *OF_THE_PLATFORM):
            if command := group(module).get_command(ctx, cmd_name):
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; what is not a command of the machine alone needs the platform built first."""
        name, command, rest = super().resolve_command(ctx, args)
        if command and not any(group(module).get_command(ctx, command.name or "") for module in OF_THE_MACHINE):
            try:
                ctx.obj = _bare() if command.name in WITHOUT_RECORDS else _platform()
            except ValueError as reason:  # a setting or a topic's file; the text names it
                raise click.ClickException(str(reason)) from reason
        return name, command, rest


def _platform() -> Platform:
    from deploy.assembly import platform

    return platform(settings_here())


def _bare() -> Platform:
    """Topics and schemas alone."""
    return Platform(ROOT, settings_here(), Catalogue.load(ROOT), classes=(), processors=())


def group(module: str) -> click.Group:
    """The module's commands."""
    return import_module(module).cli


@click.command(cls=Assembled)
def main() -> None:
    """Playlog: an event-sourced video platform."""


if __name__ == "__main__":
    main()
