"""A schema can read every released version of itself, and every released version can read it."""

from __future__ import annotations

import copy
import json

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


def test_a_field_without_a_default_is_noticed() -> None:
    old = CATALOGUE.schemas["UploadAborted"]
    new = copy.deepcopy(old)
    new["fields"].append({"name": "why", "type": "string"})
    assert reads(old, new)
    assert not reads(new, old)
