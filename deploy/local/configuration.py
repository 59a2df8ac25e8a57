"""Where the local installation lives, on which ports, with how much memory: all from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from streams.settings import Settings

PORTS = {
    "gateway": ("PLAYLOG_PORT", 8080),
    "edge": ("PLAYLOG_EDGE_PORT", 8081),
    "kafka": ("PLAYLOG_KAFKA_PORT", 19092),
    "kafka controller": ("PLAYLOG_KAFKA_CONTROLLER_PORT", 19093),
    "cassandra": ("PLAYLOG_CASSANDRA_PORT", 19042),
    "cassandra storage": ("PLAYLOG_CASSANDRA_STORAGE_PORT", 19010),
    "cassandra jmx": ("PLAYLOG_CASSANDRA_JMX_PORT", 19099),
    "opensearch": ("PLAYLOG_OPENSEARCH_PORT", 9251),
    "opensearch transport": ("PLAYLOG_OPENSEARCH_TRANSPORT_PORT", 9351),
    "s3": ("PLAYLOG_S3_PORT", 19071),
    "registry": ("PLAYLOG_REGISTRY_PORT", 19081),
}
HEAPS = {
    "kafka": ("PLAYLOG_KAFKA_HEAP", "384m"),
    "cassandra": ("PLAYLOG_CASSANDRA_HEAP", "512m"),
    "opensearch": ("PLAYLOG_OPENSEARCH_HEAP", "384m"),
    "s3": ("PLAYLOG_S3_HEAP", "256m"),
    "registry": ("PLAYLOG_REGISTRY_HEAP", "160m"),
}
HEAP = "a Java heap size such as 384m or 2g"
HIGHEST_OPENSEARCH_PORT = 9299  # the runner that carries OpenSearch refuses to listen above it


@dataclass(frozen=True)
class Local:
    """One local installation. `home` holds its data, `cache` the downloads that installations share.

    `host`: where gateway and edge listen. `edge_cache`: how much the edge may keep on disk.
    """

    home: Path
    cache: Path
    ports: Mapping[str, int]
    heaps: Mapping[str, str]
    origins: tuple[str, ...]
    host: str
    edge_cache: str
    given: Settings

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Local:
        """Read the environment; raises ValueError naming the variable that can't be used."""
        ports = {name: _port(environment, *setting) for name, setting in PORTS.items()}
        if ports["opensearch"] > HIGHEST_OPENSEARCH_PORT:
            raise ValueError(
                f"PLAYLOG_OPENSEARCH_PORT is {ports['opensearch']}: give {HIGHEST_OPENSEARCH_PORT} or less, "
                "the OpenSearch runner listens on no higher one"
            )
        page = tuple(f"http://{host}:{ports['gateway']}" for host in (r"127\.0\.0\.1", "localhost"))
        return cls(
            home=Path(environment.get("PLAYLOG_HOME") or ".playlog").absolute(),
            cache=Path(environment.get("PLAYLOG_CACHE") or Path.home() / ".cache" / "playlog").absolute(),
            ports=ports,
            heaps={name: _size(environment, *setting, HEAP) for name, setting in HEAPS.items()},
            origins=tuple(environment.get("PLAYLOG_ORIGINS", "").split()) or page,
            host=environment.get("PLAYLOG_HOST") or "127.0.0.1",
            edge_cache=_size(environment, "PLAYLOG_EDGE_CACHE", "2g", "a size such as 500m or 20g"),
            given=Settings.from_environment(environment),
        )

    @property
    def page(self) -> str:
        """Address of the web page."""
        return f"http://127.0.0.1:{self.ports['gateway']}"

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def run(self) -> Path:
        """Pid files, and what else lives only as long as the processes."""
        return self.home / "run"

    def address(self, port: str) -> str:
        return f"127.0.0.1:{self.ports[port]}"

    def environment(self) -> dict[str, str]:
        """What a process needs to find these servers (`Settings`) and this installation, as variables."""
        ports = {setting: str(self.ports[name]) for name, (setting, _) in PORTS.items()}
        s3 = f"http://{self.address('s3')}"
        return (
            self.given.environment()
            | ports
            | {
                "PLAYLOG_HOME": str(self.home),
                "PLAYLOG_CACHE": str(self.cache),
                "PLAYLOG_KAFKA": self.address("kafka"),
                "PLAYLOG_CASSANDRA": self.address("cassandra"),
                "PLAYLOG_OPENSEARCH": f"http://{self.address('opensearch')}",
                "PLAYLOG_REGISTRY": f"http://{self.address('registry')}/apis/ccompat/v7",
                "PLAYLOG_S3": s3,
                "PLAYLOG_S3_PUBLIC": self.given.s3_public or s3,
            }
        )

    def settings(self) -> Settings:
        """The engine's settings for these servers."""
        return Settings.from_environment(self.environment())


def settings_here(environment: Mapping[str, str] = os.environ) -> Settings:
    """What the environment says; for what it leaves out, the servers of this machine's installation.

    Raises ValueError naming the variable that can't be used.
    """
    given = {name: value for name, value in environment.items() if value}
    return Settings.from_environment(Local.from_environment(environment).environment() | given)


def _port(environment: Mapping[str, str], setting: str, default: int) -> int:
    given = environment.get(setting) or str(default)
    if not given.isdigit() or not 1024 <= int(given) <= 65535:
        raise ValueError(f"{setting} is {given!r}: give a port from 1024 to 65535")
    return int(given)


def _size(environment: Mapping[str, str], setting: str, default: str, wanted: str) -> str:
    given = environment.get(setting) or default
    if not re.fullmatch(r"[1-9]\d*[mgMG]", given):
        raise ValueError(f"{setting} is {given!r}: give {wanted}")
    return given
