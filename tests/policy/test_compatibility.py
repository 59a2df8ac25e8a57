"""A schema can read every released version of itself, and every released version can read it."""

from __future__ import annotations

import copy
import json
import subprocess

import pytest
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.schema import parse

from deploy import ROOT
from streams.catalogue import Catalogue, Schema
from streams.releases import bare, released

CATALOGUE = Catalogue.load(ROOT)
RELEASED = released(ROOT)


def reads(reader: Schema, writer: Schema) -> bool:
    checked = ReaderWriterCompatibilityChecker().get_compatibility(parse(json.dumps(reader)), parse(json.dumps(writer)))
    return checked.compatibility is SchemaCompatibilityType.compatible


@pytest.mark.parametrize("event", sorted(CATALOGUE.schemas))
def test_a_schema_is_compatible_with_all_its_released_versions_both_ways(event: str) -> None:
    schema = CATALOGUE.schemas[event]
    wrong = [
        number for number, old in enumerate(RELEASED.get(event, [])) if not (reads(schema, old) and reads(old, schema))
    ]
    assert not wrong, f"{event}: give new fields a default, and make a new event for a new meaning"


def test_every_schema_is_released() -> None:
    unreleased = [name for name, schema in CATALOGUE.schemas.items() if bare(schema) not in RELEASED.get(name, [])]
    assert not unreleased, 'run "playlog schemas release"'


def test_no_released_event_is_gone() -> None:
    assert set(RELEASED) <= set(CATALOGUE.schemas), "topics are kept for ever: so are the schemas to read them with"


def test_nothing_that_main_has_released_is_changed_or_gone() -> None:
    """Or an incompatible schema would pass by not being compared with what it breaks."""
    main = json.loads(on_main("schemas/released.json"))
    changed = [name for name, versions in main.items() if RELEASED.get(name, [])[: len(versions)] != versions]
    assert not changed, "schemas/released.json only grows: events of all its versions are in the log"


def on_main(path: str) -> str:
    """A file as the main branch has it; of a clone without one, as it was committed."""
    for revision in ("origin/main", "main", "HEAD"):
        shown = subprocess.run(["git", "show", f"{revision}:{path}"], cwd=ROOT, capture_output=True, text=True)
        if shown.returncode == 0:
            return shown.stdout
    return "{}"


def test_a_change_that_the_last_version_allows_and_an_earlier_one_does_not_is_noticed() -> None:
    """Compared with all versions, not with the last: a field's name comes back as another type."""
    plain = CATALOGUE.schemas["UploadAborted"]
    first, third = copy.deepcopy(plain), copy.deepcopy(plain)
    first["fields"].append({"name": "why", "type": "string", "default": ""})
    third["fields"].append({"name": "why", "type": "long", "default": 0})
    assert reads(third, plain)
    assert reads(plain, third)
    assert not reads(third, first)


def test_a_field_without_a_default_is_noticed() -> None:
    old = CATALOGUE.schemas["UploadAborted"]
    new = copy.deepcopy(old)
    new["fields"].append({"name": "why", "type": "string"})
    assert reads(old, new)
    assert not reads(new, old)
