"""The catalogue: which topics exist, which events are on them, and what their schemas say. Read as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import msgspec

from streams.event import Event, days

FOREVER = -1
Schema = dict[str, Any]


class CatalogueError(ValueError):
    """Topics and schemas contradict each other; the text says where and how to mend it."""


@dataclass(frozen=True)
class Topic:
    """One `topics/<name>.yaml`. `retention` is in ms, `FOREVER` where nothing is dropped.

    Of a task topic, `after` names one that goes first: a worker takes no task while it has one of that in hand.
    """

    name: str
    purpose: str
    owner: str
    key: str
    partitions: int
    retention: int
    events: tuple[str, ...]
    read_by: tuple[str, ...] = ()
    share: bool = False  # a task topic, read through a share group
    after: str = ""
    compact: bool = False


@dataclass(frozen=True)
class Catalogue:
    """Topics by name, schemas by event name; an event lives on exactly one topic."""

    topics: Mapping[str, Topic]
    schemas: Mapping[str, Schema]
    examples: Mapping[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    @classmethod
    def load(cls, root: Path) -> Catalogue:
        """Read `topics/*.yaml` and `schemas/*/*.avsc` under `root`; raises CatalogueError at a contradiction."""
        topics = {path.stem: _topic(path) for path in sorted((root / "topics").glob("*.yaml"))}
        schemas: dict[str, Schema] = {}
        examples: dict[str, dict[str, Any]] = {}
        for topic in topics.values():
            if topic.after and not (topic.share and topic.after in topics and topics[topic.after].share):
                raise CatalogueError(f"topics/{topic.name}.yaml: only a task topic can be after another one")
            for event in topic.events:
                path = root / "schemas" / package(topic.name) / f"{event}.avsc"
                schemas[event] = _schema(path, topic)
                examples[event] = _json(path.with_suffix(".json"), f"an example of {event}")
        return cls(topics, schemas, examples)

    def topic_of(self, event: type[Event]) -> Topic:
        """The topic an event class lives on."""
        return self.topics[event.topic]


def package(topic: str) -> str:
    """The folder (and import name) of a topic's schemas: `encode-tasks` is `encode_tasks`."""
    return topic.replace("-", "_")


class _TopicFile(msgspec.Struct, forbid_unknown_fields=True):
    """What a topic's YAML may hold."""

    purpose: str
    owner: str
    key: str
    partitions: Annotated[int, msgspec.Meta(ge=1)]
    retention: str
    events: tuple[str, ...]
    read_by: tuple[str, ...] = ()
    share: bool = False
    after: str = ""
    compact: bool = False


def _topic(path: Path) -> Topic:
    try:
        file = msgspec.yaml.decode(path.read_bytes(), type=_TopicFile)
    except msgspec.DecodeError as error:
        known = ", ".join(_TopicFile.__struct_fields__)
        raise CatalogueError(f"topics/{path.name}: {error}\n  known:  {known}") from None
    return Topic(
        name=path.stem,
        purpose=file.purpose,
        owner=file.owner,
        key=file.key,
        partitions=file.partitions,
        retention=_retention(path.name, file.retention),
        events=file.events,
        read_by=file.read_by,
        share=file.share,
        after=file.after,
        compact=file.compact,
    )


def _retention(name: str, text: str) -> int:
    if text == "forever":
        return FOREVER
    number, _, unit = text.partition(" ")
    if not number.isdigit() or unit != "days":
        raise CatalogueError(f'topics/{name}: retention is {text!r}\n  mend:   write "forever" or "7 days"')
    return days(int(number))


def _schema(path: Path, topic: Topic) -> Schema:
    schema = _json(path, f"named by topics/{topic.name}.yaml")
    where = f"schemas/{path.parent.name}/{path.name}"
    if schema.get("name") != path.stem or schema.get("namespace") != f"playlog.{path.parent.name}":
        raise CatalogueError(f"{where}: must be named playlog.{path.parent.name}.{path.stem}")
    fields = [f["name"] for f in schema["fields"]]
    if topic.key not in fields:
        raise CatalogueError(
            f"topics/{topic.name}.yaml: key is {topic.key}, but {path.stem} has no such field.\n"
            f"  fields: {', '.join(fields)}\n"
            f"  mend:   name the key after one of them, or add the field to {where}"
        )
    if fields[:2] != ["event_id", "occurred_at"]:
        raise CatalogueError(f"{where}: the first two fields must be event_id and occurred_at")
    return schema


def _json(path: Path, why: str) -> dict[str, Any]:
    where = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise CatalogueError(f"{where} is missing ({why})\n  mend:   write it") from None
    except json.JSONDecodeError as error:
        raise CatalogueError(f"{where}: not JSON: {error}") from None
