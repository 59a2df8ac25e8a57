"""The catalogue: which topics exist, which events are on them, and what their schemas say. Read as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from streams.event import Event, days

FOREVER = -1
KNOWN = {
    "purpose",
    "owner",
    "key",
    "partitions",
    "retention",
    "events",
    "read_by",
    "share",
    "compact",
}
Schema = dict[str, Any]


class CatalogueError(ValueError):
    """Topics and schemas contradict each other; the text says where and how to mend it."""


@dataclass(frozen=True)
class Topic:
    """One `topics/<name>.yaml`. `retention` is in ms, `FOREVER` where nothing is dropped."""

    name: str
    purpose: str
    owner: str
    key: str
    partitions: int
    retention: int
    events: tuple[str, ...]
    read_by: tuple[str, ...] = ()
    share: bool = False  # a task topic, read through a share group
    compact: bool = False


@dataclass(frozen=True)
class Catalogue:
    """Topics by name, schemas by event name; an event lives on exactly one topic."""

    topics: Mapping[str, Topic]
    schemas: Mapping[str, Schema]
    examples: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path) -> Catalogue:
        """Read `topics/*.yaml` and `schemas/*/*.avsc` under `root`; raises CatalogueError at the first contradiction."""
        topics = {
            path.stem: _topic(path) for path in sorted((root / "topics").glob("*.yaml"))
        }
        schemas: dict[str, Schema] = {}
        examples: dict[str, dict[str, Any]] = {}
        for topic in topics.values():
            for event in topic.events:
                path = root / "schemas" / package(topic.name) / f"{event}.avsc"
                schemas[event] = _schema(path, topic)
                examples[event] = _json(
                    path.with_suffix(".json"), f"an example of {event}"
                )
        return cls(topics, schemas, examples)

    def topic_of(self, event: type[Event]) -> Topic:
        """The topic an event class lives on."""
        return self.topics[event.topic]


def package(topic: str) -> str:
    """The folder (and import name) of a topic's schemas: `encode-tasks` is `encode_tasks`."""
    return topic.replace("-", "_")


def _topic(path: Path) -> Topic:
    try:
        raw = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise CatalogueError(f"topics/{path.name}: not YAML: {error}") from None
    if not isinstance(raw, dict):
        raise CatalogueError(
            f"topics/{path.name}: must be a mapping with {', '.join(sorted(KNOWN))}"
        )
    if unknown := set(raw) - KNOWN:
        raise CatalogueError(
            f"topics/{path.name}: unknown {sorted(unknown)}\n  known:  {', '.join(sorted(KNOWN))}"
        )
    if missing := {
        "purpose",
        "owner",
        "key",
        "partitions",
        "retention",
        "events",
    } - set(raw):
        raise CatalogueError(
            f"topics/{path.name}: {sorted(missing)} missing\n  mend:   add them"
        )
    retention = _retention(path.name, raw.pop("retention"))
    listed = {
        "events": tuple(raw.pop("events")),
        "read_by": tuple(raw.pop("read_by", ())),
    }
    return Topic(name=path.stem, retention=retention, **listed, **raw)


def _retention(name: str, text: str) -> int:
    if text == "forever":
        return FOREVER
    number, _, unit = text.partition(" ")
    if not number.isdigit() or unit != "days":
        raise CatalogueError(
            f'topics/{name}: retention is {text!r}\n  mend:   write "forever" or "7 days"'
        )
    return days(int(number))


def _schema(path: Path, topic: Topic) -> Schema:
    schema = _json(path, f"named by topics/{topic.name}.yaml")
    where = f"schemas/{path.parent.name}/{path.name}"
    if (
        schema.get("name") != path.stem
        or schema.get("namespace") != f"playlog.{path.parent.name}"
    ):
        raise CatalogueError(
            f"{where}: must be named playlog.{path.parent.name}.{path.stem}"
        )
    fields = [f["name"] for f in schema["fields"]]
    if topic.key not in fields:
        raise CatalogueError(
            f"topics/{topic.name}.yaml: key is {topic.key}, but {path.stem} has no such field.\n"
            f"  fields: {', '.join(fields)}\n"
            f"  mend:   name the key after one of them, or add the field to {where}"
        )
    if fields[:2] != ["event_id", "occurred_at"]:
        raise CatalogueError(
            f"{where}: the first two fields must be event_id and occurred_at"
        )
    return schema


def _json(path: Path, why: str) -> dict[str, Any]:
    where = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise CatalogueError(
            f"{where} is missing ({why})\n  mend:   write it"
        ) from None
    except json.JSONDecodeError as error:
        raise CatalogueError(f"{where}: not JSON: {error}") from None
