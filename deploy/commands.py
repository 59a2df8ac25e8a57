"""The `playlog` command: put together from the command groups that live with their subject."""

from __future__ import annotations

from importlib import import_module

import click

GROUPS = {  # command: the module whose `cli` has it; imported when it is used
    "deploy.local.commands": ("up", "down", "status", "doctor", "demo"),
}


class Assembled(click.Group):
    """Commands of several modules as one group; a command's module is imported only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in GROUPS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for module, names in GROUPS.items():
            if cmd_name in names:
                group: click.Group = import_module(module).cli
                return group.get_command(ctx, cmd_name)
        return None


@click.command(cls=Assembled)
def main() -> None:
    """Playlog: an event-sourced video platform."""


if __name__ == "__main__":
    main()
