"""Before a worker works: are the topics such that order, time and partitions are what the processors count on?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from streams.catalogue import Catalogue
from streams.changelog import changelog
from streams.processor import Fold, ProcessorError, Tally, View
from streams.topic_ids import TopicInfo
from streams.versions import Versions


def check(
    catalogue: Catalogue, processors: Iterable[Fold | Tally | View], topics: Mapping[str, TopicInfo], versions: Versions
) -> None:
    """Raises ProcessorError that names all that is wrong, and what to do about each."""
    known = list(processors)
    wrong = [
        *(text for name in _read(known) for text in _source(catalogue, name, topics[name])),
        *(text for p in known if not isinstance(p, View) for text in _changelog(p, topics, versions)),
    ]
    if wrong:
        raise ProcessorError("\n".join(wrong))


def _read(processors: Iterable[Fold | Tally | View]) -> Iterable[str]:
    return dict.fromkeys(event.topic for processor in processors for event in processor.reads)


def _source(catalogue: Catalogue, name: str, found: TopicInfo) -> Iterator[str]:
    wanted = catalogue.topics[name].partitions
    if found.partitions != wanted:
        yield (
            f"topic {name} has {found.partitions} partitions, topics/{name}.yaml says {wanted}: a key's later events "
            'would not be where its state is\n  mend:   run "playlog topics plan"; it says what can be done'
        )
    if not found.brokers_time:
        yield (
            f"topic {name} bears its senders' times: one bad clock would move all timers of a partition\n"
            '  mend:   run "playlog topics apply"; it sets message.timestamp.type to LogAppendTime'
        )


def _changelog(processor: Fold | Tally, topics: Mapping[str, TopicInfo], versions: Versions) -> Iterator[str]:
    source, name = processor.reads[0].topic, changelog(versions.processor(processor.name))
    if topics[name].partitions != topics[source].partitions:
        yield (
            f"{processor.name} reads topic {source} of {topics[source].partitions} partitions, and keeps its state in "
            f"{name} of {topics[name].partitions}: they must be equal\n"
            f"  mend:   read a topic of {topics[name].partitions} partitions, or give the processor another name: it "
            "begins anew then"
        )
