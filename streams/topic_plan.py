"""Which topics a platform needs, as data: the catalogue's own, changelogs and dead letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from streams.catalogue import Catalogue, Topic
from streams.event import days
from streams.processor import Fold, Processor, Tally, Work
from streams.versions import FIRST, Versions

KEPT = {"retention.ms": "-1"}
COMPACTED = {"cleanup.policy": "compact", "retention.ms": "-1"}
COMPACTION = days(1)  # after which a compacted topic is rewritten, and what was erased is gone from the disks
ERASED = {"max.compaction.lag.ms": str(COMPACTION)}


@dataclass(frozen=True)
class Wanted:
    """A topic as it should be. `source` is the file that says so; `grows` where partitions may be added: neither
    state nor the order of rows hangs on which partition a key is in."""

    name: str
    partitions: int
    config: Mapping[str, str]
    source: str
    grows: bool = False


@dataclass(frozen=True)
class Plan:
    """What `apply` would do; `refused` are contradictions that nothing can apply."""

    create: list[Wanted] = field(default_factory=list[Wanted])
    alter: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])
    grow: list[tuple[Wanted, int]] = field(default_factory=list[tuple[Wanted, int]])  # and how many partitions it has
    refused: list[str] = field(default_factory=list[str])

    @property
    def empty(self) -> bool:
        return not (self.create or self.alter or self.grow or self.refused)

    def lines(self) -> list[str]:
        """The plan for people."""
        made = [f"create {w.name}: {w.partitions} partitions, {_text(w.config)}" for w in self.create]
        changed = [f"alter  {name}: {_text(config)}" for name, config in self.alter]
        grown = [f"grow   {grown_text(w, count)}" for w, count in self.grow]
        return [*made, *changed, *grown, *(f"REFUSED {text}" for text in self.refused)]


def wanted_topics(catalogue: Catalogue, processors: Iterable[Processor], versions: Versions = FIRST) -> list[Wanted]:
    """The catalogue's topics; each processor's dead letters; of folds and tallies the changelog, of as many partitions
    as the source. What is erased from a compacted topic is erased from the changelogs of its readers, too."""
    processors = list(processors)
    ordered = {event.topic for p in processors if not isinstance(p, Work) for event in p.reads}
    topics = [_of_catalogue(topic, topic.name not in ordered) for topic in catalogue.topics.values()]
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


def _of_catalogue(topic: Topic, grows: bool) -> Wanted:
    policy = {"cleanup.policy": "compact", **ERASED} if topic.compact else {}
    config = {"retention.ms": str(topic.retention), **policy}
    return Wanted(topic.name, topic.partitions, config, f"topics/{topic.name}.yaml", grows)


def grown_text(wanted: Wanted, count: int) -> str:
    return (
        f"{wanted.name} has {count} partitions, {wanted.source} says {wanted.partitions}\n"
        "  mend:   playlog topics apply --add-partitions"
    )


def repartitioned(wanted: Wanted, count: int) -> str:
    if wanted.partitions < count:
        why = "Kafka takes no partition away"
    else:
        why = "keys would leave their state, and rows be written in another order"
    return (
        f"topic {wanted.name} has {count} partitions, {wanted.source} says {wanted.partitions}: {why}\n"
        f'  mend:   write "partitions: {count}" again; or make topic {wanted.name}-2 of {wanted.partitions}, a fold '
        "that forwards the events into it, and let its readers read that one"
    )


def _text(config: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in config.items())
