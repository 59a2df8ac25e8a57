"""Topics, schemas and records say the same, and every one is explained."""

from __future__ import annotations

import re

import msgspec
import pytest

from deploy import ROOT
from deploy.assembly import PROCESSORS, platform
from streams.catalogue import Catalogue, Schema, package
from streams.codec import Codec
from streams.generate import module
from streams.graph import module_of
from streams.processor import Fold, Tally, View, Work

CATALOGUE = Catalogue.load(ROOT)
EVENTS = [(topic.name, event) for topic in CATALOGUE.topics.values() for event in topic.events]
PERSONAL = re.compile(r"(^|_)(email|mail|phone|address|ip|first_name|last_name|full_name|birthday|user_agent)($|_)")


def test_records_are_what_the_schemas_say() -> None:
    stale = [
        topic.name
        for topic in CATALOGUE.topics.values()
        if (ROOT / "schemas" / package(topic.name) / "__init__.py").read_text() != module(CATALOGUE, topic)
    ]
    assert not stale, 'run "playlog schemas generate"'


@pytest.mark.parametrize(("topic", "event"), EVENTS)
def test_an_example_is_an_event(topic: str, event: str) -> None:
    built = platform()
    classes = {cls.__name__: cls for cls in built.classes}
    codec = Codec(CATALOGUE, built.classes, {name: number for number, name in enumerate(CATALOGUE.schemas)})
    example = msgspec.convert(CATALOGUE.examples[event], classes[event])
    assert codec.decode(codec.encode(example)) == example
    assert set(CATALOGUE.examples[event]) == {field["name"] for field in CATALOGUE.schemas[event]["fields"]}


def documented(schema: Schema, path: str) -> list[str]:
    """Names of fields and records without a doc."""
    missing = [] if schema.get("doc") else [path]
    for field in schema["fields"]:
        here = f"{path}.{field['name']}"
        missing += [] if field.get("doc") else [here]
        for inner in records_in(field["type"]):
            missing += documented(inner, here)
    return missing


def records_in(avro: object) -> list[Schema]:
    if isinstance(avro, list):
        return [schema for item in avro for schema in records_in(item)]
    if isinstance(avro, dict):
        if avro["type"] == "record":
            return [avro]
        return records_in(avro.get("items")) + records_in(avro.get("values"))
    return []


@pytest.mark.parametrize(("topic", "event"), EVENTS)
def test_every_field_is_explained_and_none_sounds_personal(topic: str, event: str) -> None:
    schema = CATALOGUE.schemas[event]
    assert documented(schema, event) == []
    assert [f["name"] for f in schema["fields"] if PERSONAL.search(f["name"])] == []


def test_no_schema_is_orphaned() -> None:
    listed = {(package(topic), event) for topic, event in EVENTS}
    found = {(path.parent.name, path.stem) for path in (ROOT / "schemas").glob("*/*.avsc")}
    assert found == listed
    assert {(p.parent.name, p.stem) for p in (ROOT / "schemas").glob("*/*.json")} == listed


def test_topics_name_their_readers() -> None:
    readers: dict[str, set[str]] = {name: set() for name in CATALOGUE.topics}
    for processor in PROCESSORS:
        for event in processor.reads:
            readers[event.topic].add(processor.name)
    assert {name: set(topic.read_by) for name, topic in CATALOGUE.topics.items()} == readers


def test_every_processor_says_what_it_reads_writes_keeps_and_whether_it_can_be_replayed() -> None:
    wanted = {
        Fold: ("In:", "Out:", "State:", "Replay:"),
        View: ("In:", "Into:", "Replay:"),
        Tally: ("In:", "Into:", "Replay:"),
        Work: ("In:", "Out:", "Repeat:"),
    }
    for processor in PROCESSORS:
        module_doc = __import__(module_of(processor), fromlist=["_"]).__doc__ or ""
        lacking = [word for word in wanted[type(processor)] if f"\n{word}" not in module_doc]
        assert not lacking, f"{module_of(processor)}: docstring lacks {lacking}"
        for event in processor.reads:
            assert event.topic in module_doc, f"{processor.name}: docstring does not name topic {event.topic}"


def test_a_processor_is_a_file_and_listed() -> None:
    listed = {module_of(processor) for processor in PROCESSORS}
    declared = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "processors").rglob("*.py")
        if re.search(r"^(@(fold|view|work)\(|\w+ = tally\()", path.read_text(), re.MULTILINE)
    }
    assert declared == listed, "deploy/assembly.py lists every processor"
    for processor in PROCESSORS:
        assert module_of(processor).split(".")[-1] == processor.name
