"""A posted object is an event of its topic, or it is said what is wrong with it."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest

from deploy.assembly import platform
from gateway.events.check import Unfit, event_of, records_of
from schemas.ratings import VideoRated
from streams.codec import Codec

PLATFORM = platform()
CATALOGUE = PLATFORM.catalogue
RECORDS = records_of(PLATFORM.classes, CATALOGUE.topics["ratings"])
RATED: dict[str, Any] = {"type": "VideoRated", **CATALOGUE.examples["VideoRated"]}
CODEC = Codec(CATALOGUE, PLATFORM.classes, {name: number for number, name in enumerate(CATALOGUE.schemas)})


def checked(fields: dict[str, Any]) -> Any:
    return event_of(fields, RECORDS, CATALOGUE.schemas, "")


@pytest.mark.parametrize("name", sorted(CATALOGUE.schemas))
def test_every_event_of_the_catalogue_can_be_posted(name: str) -> None:
    [topic] = [topic for topic in CATALOGUE.topics.values() if name in topic.events]
    fields = {"type": name, **CATALOGUE.examples[name]}
    event = event_of(fields, records_of(PLATFORM.classes, topic), CATALOGUE.schemas, "")
    assert CODEC.decode(CODEC.encode(event)) == event
    assert msgspec.json.decode(msgspec.json.encode(event)) == CATALOGUE.examples[name]


def test_an_id_and_a_time_may_be_left_out() -> None:
    fields = {name: value for name, value in RATED.items() if name not in ("event_id", "occurred_at")}
    assert isinstance(checked(fields), VideoRated)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": None}, "type"),
        ({"type": "ViewCounted"}, "type"),
        ({"type": ["VideoRated"]}, "type"),
        ({"stars": "5"}, "stars"),
        ({"stars": 1 << 31}, "stars"),
        ({"stars": 1 << 90}, "stars"),
        ({"starz": 5}, "starz"),
        ({"viewer_id": ""}, "viewer_id"),
        ({"viewer_id": None}, "viewer_id"),
        ({"video_id": "v1"}, "video_id"),
        ({"event_id": "x"}, "event_id"),
        ({"occurred_at": -1}, "occurred_at"),
        ({"occurred_at": 1 << 60}, "occurred_at"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Unfit) as unfit:
        checked(RATED | change)
    assert unfit.value.field == field, str(unfit.value)


def test_a_field_that_is_missing_is_named() -> None:
    with pytest.raises(Unfit, match="stars"):
        checked({name: value for name, value in RATED.items() if name != "stars"})


@pytest.mark.parametrize(
    ("name", "where", "wrong", "field"),
    [
        ("RecommendationsShown", ("slots", 0, "video_id"), "v1", "slots[0].video_id"),
        ("RecommendationsShown", ("slots", 0, "because"), "v1", "slots[0].because"),
        ("RecommendationsShown", ("slots", 0, "score"), "high", "slots[0].score"),
        ("RecommendationsShown", ("surface",), "attic", "surface"),
        ("SourceProbed", ("video", "width"), 1 << 31, "video.width"),
        ("SourceProbed", ("audio", 0, "channels"), 1 << 31, "audio[0].channels"),
        ("SegmentsEncoded", ("segments", 0, "keyframes", 0, "offset"), 1 << 31, "segments[0].keyframes[0].offset"),
        ("EncodeCompleted", ("renditions", 0), 5, "renditions[0]"),
    ],
)
def test_what_lies_within_is_looked_at_too(name: str, where: tuple[Any, ...], wrong: Any, field: str) -> None:
    [topic] = [topic for topic in CATALOGUE.topics.values() if name in topic.events]
    fields = copy.deepcopy({"type": name, **CATALOGUE.examples[name]})
    *way, last = where
    within: Any = fields
    for step in way:
        within = within[step]
    within[last] = wrong
    with pytest.raises(Unfit) as unfit:
        event_of(fields, records_of(PLATFORM.classes, topic), CATALOGUE.schemas, "")
    assert unfit.value.field == field, str(unfit.value)
