"""What flows where: topics, processors and what they write into, as a graph read from the registrations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from streams.catalogue import Catalogue
from streams.event import Event
from streams.processor import Processor
from streams.tables import Index, Table

Kind = Literal["topic", "tasks", "fold", "tally", "view", "work", "table", "index"]


@dataclass(frozen=True)
class Node:
    """One box. `room` is the topic's owner, or the package of the processor (and of what it writes into)."""

    kind: Kind
    name: str
    room: str

    @property
    def id(self) -> str:
        """Unique in a graph, and a word in Mermaid and DOT."""
        store = self.kind in ("topic", "tasks", "table", "index")
        return f"{self.kind if store else 'processor'}_{self.name}".replace("-", "_")


@dataclass(frozen=True)
class Edge:
    """One arrow; `events` are what goes along it, empty where a processor writes rows or documents."""

    start: Node
    end: Node
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Nodes that no arrow touches (a topic that nobody reads or writes) are not in it."""

    edges: tuple[Edge, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Each once, in the order of the arrows."""
        return tuple(dict.fromkeys(node for edge in self.edges for node in (edge.start, edge.end)))

    def within(self, rooms: Sequence[str]) -> Graph:
        """The arrows that begin or end in these rooms; raises ValueError for a room that there is not."""
        known = {node.room for node in self.nodes}
        if unknown := [room for room in rooms if room not in known]:
            raise ValueError(f"no room {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        return Graph(tuple(edge for edge in self.edges if {edge.start.room, edge.end.room} & set(rooms)))


def graph_of(catalogue: Catalogue, processors: Iterable[Processor]) -> Graph:
    """Every processor with the topics it reads and emits into, and the tables and indexes it fills."""
    first: dict[str, Node] = {}
    edges = [edge for processor in processors for edge in _edges(catalogue, processor)]
    for edge in edges:
        first.setdefault(edge.end.id, edge.end)  # what two rooms write into is shown in the first
    return Graph(tuple(Edge(edge.start, first[edge.end.id], edge.events) for edge in edges))


def _edges(catalogue: Catalogue, processor: Processor) -> Iterator[Edge]:
    room = _room(processor)
    here = Node(processor.kind, processor.name, room)
    for topic, events in _by_topic(catalogue, processor.reads):
        yield Edge(topic, here, events)
    if processor.kind == "fold" or processor.kind == "work":
        for topic, events in _by_topic(catalogue, processor.emits):
            yield Edge(here, topic, events)
    for target in targets(processor):
        yield Edge(here, Node("index" if isinstance(target, Index) else "table", target.name, room))


def _by_topic(catalogue: Catalogue, events: Sequence[type[Event]]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    for name in dict.fromkeys(event.topic for event in events):
        topic = catalogue.topics[name]
        node = Node("tasks" if topic.share else "topic", name, topic.owner)
        yield node, tuple(event.__name__ for event in events if event.topic == name)


def targets(processor: Processor) -> tuple[Table | Index, ...]:
    """What a processor fills; empty where it shows nothing."""
    into = () if processor.kind == "work" else processor.into
    return into if isinstance(into, tuple) else (into,) if into is not None else ()


def module_of(processor: Processor) -> str:
    """The module that declares it."""
    return processor.module if processor.kind == "tally" else processor.function.__module__


def _room(processor: Processor) -> str:
    """The package of the module that declares it."""
    return module_of(processor).split(".")[-2]
