"""Where the servers are and under which names this installation lives: all from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

ENVIRONMENT = {
    "kafka": "PLAYLOG_KAFKA",
    "registry": "PLAYLOG_REGISTRY",
    "cassandra": "PLAYLOG_CASSANDRA",
    "opensearch": "PLAYLOG_OPENSEARCH",
    "s3": "PLAYLOG_S3",
    "s3_public": "PLAYLOG_S3_PUBLIC",
    "s3_key": "PLAYLOG_S3_KEY",
    "s3_secret": "PLAYLOG_S3_SECRET",
    "s3_bucket": "PLAYLOG_S3_BUCKET",
    "namespace": "PLAYLOG_NAMESPACE",
    "home": "PLAYLOG_HOME",
    "replication": "PLAYLOG_REPLICATION",
    "state": "PLAYLOG_STATE",
    "standby": "PLAYLOG_STANDBY",
}
STATES = ("rocksdb", "memory")


@dataclass(frozen=True)
class Settings:
    """Addresses, credentials and the namespace; every field is an environment variable (`ENVIRONMENT`).

    `namespace` is empty in production. Tests set one, so that many runs share a set of servers: it leads
    the names of topics, groups, transactional ids, indexes, the keyspace and the bucket. With `standby` a worker
    keeps copies of the state of partitions that others have (`streams.standby`).
    """

    kafka: str = "127.0.0.1:19092"
    registry: str = "http://127.0.0.1:19081/apis/ccompat/v7"
    cassandra: str = "127.0.0.1:19042"
    opensearch: str = "http://127.0.0.1:9251"
    s3: str = "http://127.0.0.1:19071"
    s3_public: str = ""
    s3_key: str = "lsaccess"
    s3_secret: str = "lssecret123"
    s3_bucket: str = "playlog"
    namespace: str = ""
    home: str = ".playlog"
    replication: int = 1
    state: str = "rocksdb"
    standby: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; raises ValueError naming the variable that can't be read."""
        given = {field: environment[name] for field, name in ENVIRONMENT.items() if environment.get(name)}
        raw, standby = given.pop("replication", "1"), given.pop("standby", "0")
        if not raw.isdigit() or int(raw) < 1:
            raise ValueError(f"PLAYLOG_REPLICATION is {raw!r}: give the number of copies of a topic, 1 or more")
        if (state := given.get("state", "rocksdb")) not in STATES:
            raise ValueError(
                f"PLAYLOG_STATE is {state!r}: give {' or '.join(STATES)}, where processors keep their state"
            )
        if standby not in ("0", "1") or (standby == "1" and state == "memory"):
            raise ValueError(
                f"PLAYLOG_STANDBY is {standby!r}: give 1 to keep copies of other workers' state (in rocksdb only), or 0"
            )
        return replace(cls(), **given, replication=int(raw), standby=standby == "1")

    def environment(self) -> dict[str, str]:
        """These settings as environment variables, for a child process."""
        values = {**vars(self), "standby": int(self.standby)}
        return {name: str(values[field]) for field, name in ENVIRONMENT.items()}

    def named(self, name: str, joint: str = ".") -> str:
        """`name` inside this installation's namespace: a topic, a group, an index, a bucket."""
        return f"{self.namespace}{joint}{name}" if self.namespace else name

    def bare(self, name: str) -> str:
        """What `named` made of a topic's or group's name, without the namespace again."""
        return name.removeprefix(self.named(""))

    @property
    def keyspace(self) -> str:
        return self.named("playlog", "_").replace("-", "_")

    @property
    def bucket(self) -> str:
        return self.named(self.s3_bucket, "-").replace("_", "-").lower()

    @property
    def data(self) -> Path:
        """The folder of local state (RocksDB), made on demand by who writes there."""
        return Path(self.home).absolute() / "state"

    def state_of(self, processor: str, partition: int) -> Path | None:
        """The folder of one partition's state; None where state is kept in memory."""
        return None if self.state == "memory" else self.data / self.named(processor) / str(partition)
