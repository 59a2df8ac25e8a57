"""A graph as text for Mermaid, and as an SVG picture laid out by Graphviz."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from html import escape
from typing import Any

from streams.graph import Graph, Kind, Node

SHAPES: dict[Kind, str] = {
    "topic": "{{{{{0}}}}}", "tasks": ">{0}]", "fold": "[{0}]", "tally": "[{0}]", "view": "[{0}]", "work": "([{0}])",
    "table": "[({0})]", "index": "[({0})]",
}  # fmt: skip
DRAWN: dict[Kind, dict[str, str]] = {
    "topic": {"shape": "hexagon", "fillcolor": "#dbe9f6"},
    "tasks": {"shape": "cds", "fillcolor": "#f3e3c8"},
    "fold": {"shape": "box", "fillcolor": "#ffffff"},
    "tally": {"shape": "box", "fillcolor": "#ffffff"},
    "view": {"shape": "box", "fillcolor": "#f4f4f4"},
    "work": {"shape": "box", "fillcolor": "#fbeee6"},
    "table": {"shape": "cylinder", "fillcolor": "#e3f1e1"},
    "index": {"shape": "cylinder", "fillcolor": "#efe3f4"},
}
FONT = {"fontname": "Helvetica", "fontsize": "11"}


class NoGraphviz(RuntimeError):
    """The picture can't be laid out here; the text says what to install."""


def mermaid(graph: Graph) -> str:
    """A flowchart, rooms as subgraphs; the events are named along the arrows."""
    lines = ["flowchart LR"]
    for room, nodes in sorted(_rooms(graph).items()):
        lines += [f"  subgraph {room}", *(f"    {node.id}{SHAPES[node.kind].format(node.name)}" for node in nodes)]
        lines += ["  end"]
    return "\n".join([*lines, *_arrows(graph)]) + "\n"


def svg(graph: Graph) -> str:
    """A picture, rooms as frames; the events are the arrows' tooltips. Raises NoGraphviz."""
    try:
        from pygraphviz import AGraph
    except ImportError:
        raise NoGraphviz("the picture is laid out by Graphviz\n  mend:   pip install pygraphviz") from None
    drawing: Any = AGraph(directed=True)
    drawing.graph_attr.update(rankdir="LR", ranksep="0.6", nodesep="0.12", bgcolor="white", **FONT)
    drawing.node_attr.update(style="filled", color="#777777", height="0.3", margin="0.1,0.04", **FONT)
    drawing.edge_attr.update(color="#888888", arrowsize="0.6")
    for room, nodes in _rooms(graph).items():
        for node in nodes:
            drawing.add_node(node.id, label=node.name, tooltip=f"{node.kind} {node.name}", **DRAWN[node.kind])
        drawing.add_subgraph(
            [node.id for node in nodes], name=f"cluster_{room}", label=room, color="#cccccc", style="rounded", **FONT
        )
    for edge in graph.edges:
        drawing.add_edge(edge.start.id, edge.end.id, tooltip=escape(", ".join(edge.events)) or "rows")
    drawing.layout("dot")
    return drawing.draw(format="svg").decode()


def _rooms(graph: Graph) -> dict[str, list[Node]]:
    rooms: dict[str, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        rooms[node.room].append(node)
    return dict(rooms)


def _arrows(graph: Graph) -> Iterator[str]:
    for edge in graph.edges:
        told = f"|{', '.join(edge.events)}|" if edge.events else ""
        yield f"  {edge.start.id} -->{told} {edge.end.id}"
