"""Is a posted object an event of its topic? Checked against the record and the schema it is generated from. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, cast

import msgspec

from streams.catalogue import Schema, Topic
from streams.event import Event

TYPE = "type"
LATEST = 253_402_300_800_000  # ms since 1970: the year 10000
RANGES = {"int": 31, "long": 63}


class Unfit(ValueError):
    """What is wrong with `field`, empty for the whole."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


def records_of(classes: Iterable[type[Event]], topic: Topic) -> dict[str, type[Event]]:
    """The records of a topic, by event name."""
    return {cls.__name__: cls for cls in classes if cls.topic == topic.name}


def event_of(
    fields: Mapping[str, Any], records: Mapping[str, type[Event]], schemas: Mapping[str, Schema], event_id: str
) -> Event:
    """The event; `event_id` is its id where the fields name none. Raises Unfit."""
    name = fields.get(TYPE)
    if not isinstance(name, str) or name not in records:
        raise Unfit(TYPE, f"must be one of {', '.join(records)}")
    schema, rest = schemas[name], {field: value for field, value in fields.items() if field != TYPE}
    for field in rest:
        if field not in {known["name"] for known in schema["fields"]}:
            raise Unfit(field, f"is no field of {name}")
    try:
        event = msgspec.convert({"event_id": event_id, **rest}, records[name])
    except msgspec.ValidationError as error:
        detail, _, path = str(error).partition(" - at `$")
        raise Unfit(path.rstrip("`").lstrip("."), detail[0].lower() + detail[1:]) from None
    _require_fit(event, schema)
    return event


def _require_fit(event: Event, schema: Schema) -> None:
    """What the types do not say: ids are UUIDs, numbers have a width, an event has a key and a possible time."""
    if not event.partition_key:
        raise Unfit(event.key_field, "is the topic's key and must not be empty")
    if not 0 <= event.occurred_at < LATEST:
        raise Unfit("occurred_at", "must be ms since 1970")
    for field in schema["fields"]:
        value = getattr(event, field["name"])
        if value in (None, "", 0) and field["name"] in ("event_id", "occurred_at"):
            continue
        _require_kind(field["name"], value, field["type"])


def _require_kind(path: str, value: Any, kind: Any) -> None:
    """`kind`: an Avro type. What lies in a value is looked at too; the wrong part is named by its `path`."""
    if value is None:
        return
    if isinstance(kind, list):
        for branch in cast("list[Any]", kind):
            _require_kind(path, value, branch)
        return
    if isinstance(kind, dict):
        kind = cast("dict[str, Any]", kind)
        if kind.get("logicalType") == "uuid" and isinstance(value, str) and not _is_uuid(value):
            raise Unfit(path, "must be a UUID in its canonical form")
        for inner, part, of in _parts(path, value, kind):
            _require_kind(inner, part, of)
        kind = kind["type"]
    bits = RANGES.get(kind) if isinstance(kind, str) else None
    if bits and isinstance(value, int) and not -(1 << bits) <= value < 1 << bits:
        raise Unfit(path, f"does not fit into an Avro {kind}")


def _parts(path: str, value: Any, kind: Mapping[str, Any]) -> Iterable[tuple[str, Any, Any]]:
    """What an array, a map or a record consists of: paths, values and their types. Enums are told by the records."""
    match kind["type"]:
        case "array":
            return [(f"{path}[{place}]", item, kind["items"]) for place, item in enumerate(value)]
        case "map":
            return [(f"{path}.{name}", item, kind["values"]) for name, item in value.items()]
        case "record":
            fields = kind["fields"]
            return [(f"{path}.{one['name']}", getattr(value, one["name"]), one["type"]) for one in fields]
        case _:
            return []


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
