"""The schemas that have been released: every version an event ever had on main, kept as data."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

from streams.catalogue import Catalogue, Schema

FILE = Path("schemas") / "released.json"


def released(root: Path) -> dict[str, list[Schema]]:
    """Versions by event name, oldest first; docs left out, for they change nothing."""
    path = root / FILE
    return json.loads(path.read_text()) if path.exists() else {}


def release(root: Path, catalogue: Catalogue, only: Collection[str] | None = None) -> list[str]:
    """Add what has changed since the last release, of all events or `only` these; the names of those added to."""
    known = released(root)
    changed = [
        name
        for name, schema in catalogue.schemas.items()
        if bare(schema) not in known.get(name, []) and (only is None or name in only)
    ]
    for name in changed:
        known.setdefault(name, []).append(bare(catalogue.schemas[name]))
    (root / FILE).write_text("{\n" + ",\n".join(_lines(known)) + "\n}\n")
    return changed


def bare(schema: Schema) -> Schema:
    """The schema without its docs."""
    return {key: _bare(value) for key, value in schema.items() if key != "doc"}


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return bare(cast("Schema", value))
    return [_bare(inner) for inner in cast("list[Any]", value)] if isinstance(value, list) else value


def _lines(known: dict[str, list[Schema]]) -> list[str]:
    """One line a version, so that a diff shows what was added."""
    return [
        f'"{name}": [\n' + ",\n".join(json.dumps(version, separators=(",", ":")) for version in versions) + "]"
        for name, versions in sorted(known.items())
    ]
