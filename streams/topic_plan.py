"""Which topics a platform needs, as data: the catalogue's own, changelogs and dead letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from streams.catalogue import Catalogue, Topic
from streams.event import days
from streams.processor import Fold, Processor, Tally
from streams.versions import FIRST, Versions

KEPT = {"retention.ms": "-1"}
COMPACTED = {"cleanup.policy": "compact", "retention.ms": "-1"}
COMPACTION = days(1)  # after which a compacted topic is rewritten, and what was erased is gone from the disks
ERASED = {"max.compaction.lag.ms": str(COMPACTION)}


@dataclass(frozen=True)
class Wanted:
    """A topic as it should be. `source` is the file that says so."""

    name: str
    partitions: int
    config: Mapping[str, str]
    source: str


@dataclass(frozen=True)
class Plan:
    """What `apply` would do; `refused` are contradictions that nothing can apply."""

    create: list[Wanted] = field(default_factory=list[Wanted])
    alter: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])
    refused: list[str] = field(default_factory=list[str])

    @property
    def empty(self) -> bool:
        return not (self.create or self.alter or self.refused)

    def lines(self) -> list[str]:
        """The plan for people."""
        made = [f"create {w.name}: {w.partitions} partitions, {_text(w.config)}" for w in self.create]
        changed = [f"alter  {name}: {_text(config)}" for name, config in self.alter]
        return [*made, *changed, *(f"REFUSED {text}" for text in self.refused)]


def wanted_topics(catalogue: Catalogue, processors: Iterable[Processor], versions: Versions = FIRST) -> list[Wanted]:
    """The catalogue's topics; each processor's dead letters; of folds and tallies the changelog, of as many partitions
    as the source. What is erased from a compacted topic is erased from the changelogs of its readers, too."""
    topics = [_of_catalogue(topic) for topic in catalogue.topics.values()]
    for processor in processors:
        topics.append(Wanted(f"{processor.name}-dlq", 1, KEPT, processor.name))
        if isinstance(processor, Fold | Tally):
            topics.append(changelog_of(catalogue, processor, versions))
    return topics


def changelog_of(catalogue: Catalogue, processor: Fold | Tally, versions: Versions) -> Wanted:
    source = catalogue.topic_of(processor.reads[0])
    config = {**COMPACTED, **ERASED} if source.compact else COMPACTED
    name = f"{versions.processor(processor.name)}-changelog"
    return Wanted(name, source.partitions, config, f"topics/{source.name}.yaml")


def _of_catalogue(topic: Topic) -> Wanted:
    policy = {"cleanup.policy": "compact", **ERASED} if topic.compact else {}
    return Wanted(
        topic.name, topic.partitions, {"retention.ms": str(topic.retention), **policy}, f"topics/{topic.name}.yaml"
    )


def repartitioned(wanted: Wanted, count: int) -> str:
    return (
        f"topic {wanted.name} has {count} partitions, {wanted.source} says {wanted.partitions}: keys would leave their "
        f'state\n  mend:   write "partitions: {count}" again, or make a new topic and forward the events'
    )


def _text(config: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in config.items())
