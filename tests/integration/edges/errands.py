"""A small platform for these tests: errands to run (a share topic), reports of them, what operators did."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from streams.admin import Topics
from streams.catalogue import Catalogue, Topic
from streams.codec import Codec
from streams.event import Event, days
from streams.platform import Platform
from streams.processor import Processor
from streams.registry import Registry
from streams.settings import Settings


class ErrandAsked(Event, frozen=True, kw_only=True):
    """Something to do; `how` says how it is to go."""

    topic: ClassVar[str] = "errands"
    key_field: ClassVar[str] = "task_id"

    task_id: str
    subject: str
    how: str = "well"


class ParcelAsked(Event, frozen=True, kw_only=True):
    """Something else to do, on the same topic."""

    topic: ClassVar[str] = "errands"
    key_field: ClassVar[str] = "task_id"

    task_id: str
    subject: str


class ErrandDone(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "reports"
    key_field: ClassVar[str] = "subject"

    subject: str
    task_id: str
    step: int = 0
    worker: str = ""


class ErrandFailed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "reports"
    key_field: ClassVar[str] = "subject"

    subject: str
    task_id: str
    error: str


class OperatorActed(Event, frozen=True, kw_only=True):
    """What the engine tells of its operators (`streams.operations`)."""

    topic: ClassVar[str] = "operations"
    key_field: ClassVar[str] = "subject"

    subject: str
    action: str
    place: str
    operator: str


CLASSES: tuple[type[Event], ...] = (ErrandAsked, ParcelAsked, ErrandDone, ErrandFailed, OperatorActed)


def schema(cls: type[Event], **fields: Any) -> dict[str, Any]:
    described: list[dict[str, Any]] = [
        {"name": "event_id", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "occurred_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        *({"name": name, **field} for name, field in fields.items()),
    ]
    return {"type": "record", "name": cls.__name__, "namespace": f"playlog.{cls.topic}", "fields": described}


TEXT = {"type": "string"}
CATALOGUE = Catalogue(
    topics={
        "errands": Topic(
            "errands", "What to do.", "tests", "task_id", 1, days(1), ("ErrandAsked", "ParcelAsked"), share=True
        ),
        "reports": Topic("reports", "What was done.", "tests", "subject", 4, -1, ("ErrandDone", "ErrandFailed")),
        "operations": Topic("operations", "What operators did.", "tests", "subject", 1, -1, ("OperatorActed",)),
    },
    schemas={
        "ErrandAsked": schema(ErrandAsked, task_id=TEXT, subject=TEXT, how=TEXT),
        "ParcelAsked": schema(ParcelAsked, task_id=TEXT, subject=TEXT),
        "ErrandDone": schema(ErrandDone, subject=TEXT, task_id=TEXT, step={"type": "int"}, worker=TEXT),
        "ErrandFailed": schema(ErrandFailed, subject=TEXT, task_id=TEXT, error=TEXT),
        "OperatorActed": schema(OperatorActed, subject=TEXT, action=TEXT, place=TEXT, operator=TEXT),
    },
)


async def errands_platform(settings: Settings, *processors: Processor) -> tuple[Platform, Codec]:
    """The platform with its topics made and its schemas registered."""
    topics = Topics(settings)
    await topics.apply(await topics.plan(CATALOGUE, processors))
    async with Registry(settings) as registry:
        await registry.register(CATALOGUE)
    platform = Platform(Path(), settings, CATALOGUE, CLASSES, processors)
    return platform, await platform.codec()
