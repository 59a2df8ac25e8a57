"""A catalogue that contradicts itself is refused, with where and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from streams.catalogue import Catalogue, CatalogueError
from streams.event import days

TOPIC = "purpose: P.\nowner: o\nkey: thing_id\npartitions: 4\nretention: 7 days\nevents: [ThingMade]\n"
FIELDS = ("event_id", "occurred_at", "thing_id")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "topics").mkdir()
    (tmp_path / "schemas" / "made_things").mkdir(parents=True)
    write(tmp_path)
    return tmp_path


def write(root: Path, topic: str = TOPIC, fields: tuple[str, ...] = FIELDS) -> None:
    (root / "topics" / "made-things.yaml").write_text(topic)
    schema = {
        "type": "record",
        "name": "ThingMade",
        "namespace": "playlog.made_things",
        "fields": [{"name": name, "type": "string"} for name in fields],
    }
    (root / "schemas" / "made_things" / "ThingMade.avsc").write_text(json.dumps(schema))
    (root / "schemas" / "made_things" / "ThingMade.json").write_text("{}")


def test_topics_and_schemas_are_read(root: Path) -> None:
    topic = Catalogue.load(root).topics["made-things"]
    assert (topic.key, topic.partitions, topic.retention, topic.share) == ("thing_id", 4, days(7), False)


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("partitions: 4", "partitions: none", "partitions"),
        ("partitions: 4", "partitions: 0", "partitions"),
        ("retention: 7 days", "retention: 1 year", "7 days"),
        ("owner: o\n", "", "owner"),
        ("owner: o", "owner: o\nowners: p", "owners"),
        ("key: thing_id", "key: other_id", "fields: event_id, occurred_at, thing_id"),
        ("key: thing_id", "key: [", "made-things.yaml"),
        ("[ThingMade]", "[ThingLost]", "ThingLost.avsc is missing"),
    ],
)
def test_a_wrong_topic_is_refused_with_what_is_wrong(root: Path, line: str, instead: str, said: str) -> None:
    write(root, TOPIC.replace(line, instead))
    with pytest.raises(CatalogueError, match=r"made-things|made_things") as refused:
        Catalogue.load(root)
    assert said in str(refused.value)


def test_an_event_begins_with_its_identity(root: Path) -> None:
    write(root, fields=("thing_id",))
    with pytest.raises(CatalogueError, match="event_id and occurred_at"):
        Catalogue.load(root)
