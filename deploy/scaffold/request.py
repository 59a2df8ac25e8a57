"""What is asked for, checked against what there is."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from streams.catalogue import Catalogue

Kind = Literal["fold", "view", "work"]
VERB_PHRASE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)+$")
NOUNS = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
FACT = re.compile(r"^[A-Z][A-Za-z0-9]+$")


class Unfit(ValueError):
    """The processor can't be made like this; the text says what to say instead."""


@dataclass(frozen=True)
class Request:
    """A processor to be written. `emits` is the event it makes, `into` that event's topic (new) or the table's name.

    `reads` is the topic read; for a work a new topic of tasks.
    """

    name: str
    kind: Kind
    room: str
    reads: str
    event: str
    key: str
    emits: str
    into: str

    @property
    def file(self) -> str:
        return f"processors/{self.room}/{self.name}.py"

    @property
    def module(self) -> str:
        return f"processors.{self.room}.{self.name}"


def request(
    root: Path, catalogue: Catalogue, name: str, kind: Kind, reads: str, event: str | None, emits: str | None
) -> Request:
    """What to write; raises Unfit for names that are taken or malformed, and topics that do not suit the kind."""
    if not VERB_PHRASE.match(name) or keyword.iskeyword(name):
        raise Unfit(f"{name!r} is no verb phrase: name a processor by what it does, such as count_views")
    into, _, made = (emits or f"{name.replace('_', '-')}-results/{_camel(name)}Done").partition("/")
    if not NOUNS.match(into) or not FACT.match(made):
        raise Unfit(f"--emits {emits}: write topic/Event, such as stall-flags/StallFlagged")
    if kind != "view" and (into in catalogue.topics or made in catalogue.schemas):
        raise Unfit(f"{into} or {made} is there already: name a new topic and event by --emits topic/Event")
    read, key = _read(catalogue, kind, reads, event)
    room = catalogue.topics[reads].owner if reads in catalogue.topics else reads.removesuffix("-tasks")
    room = room.replace("-", "_")
    if taken := sorted((root / "processors").rglob(f"{name}.py")):
        raise Unfit(f"{taken[0].relative_to(root)} is there already: choose another name")
    return Request(name, kind, room, reads, read, key, made, name if kind == "view" else into)


def _read(catalogue: Catalogue, kind: Kind, reads: str, event: str | None) -> tuple[str, str]:
    """The event to read and its topic's key."""
    topic = catalogue.topics.get(reads)
    if kind == "work":
        if topic is not None or not reads.endswith("-tasks") or not NOUNS.match(reads):
            raise Unfit(f"--reads {reads}: a work takes tasks of its own: name a new topic of them, such as mail-tasks")
        return event or f"{_camel(reads.removesuffix('-tasks'))}Requested", "task_id"
    if topic is None or topic.share:
        raise Unfit(f"--reads {reads}: there are {', '.join(_logs(catalogue))}")
    if event is not None and event not in topic.events:
        raise Unfit(f"--event {event}: on {reads} there are {', '.join(topic.events)}")
    return event or topic.events[0], topic.key


def _logs(catalogue: Catalogue) -> list[str]:
    return sorted(name for name, topic in catalogue.topics.items() if not topic.share)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in re.split(r"[_-]", name))
