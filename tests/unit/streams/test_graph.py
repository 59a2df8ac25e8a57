"""The graph of a platform, read from its registrations, and its forms."""

from __future__ import annotations

import pytest

from deploy import ROOT
from deploy.assembly import platform
from streams.drawing import mermaid, svg
from streams.graph import graph_of

BUILT = platform()
GRAPH = graph_of(BUILT.catalogue, BUILT.processors)


def arrows() -> set[tuple[str, str]]:
    return {(edge.start.name, edge.end.name) for edge in GRAPH.edges}


def test_every_processor_is_between_what_it_reads_and_what_it_makes() -> None:
    assert {p.name for p in BUILT.processors} <= {node.name for node in GRAPH.nodes}
    assert {("uploads", "settle_upload"), ("settle_upload", "upload-tasks"), ("upload-tasks", "assemble_upload")} <= (
        arrows()
    )
    assert ("assemble_upload", "uploads") in arrows()
    assert ("list_encoded_segments", "encoded_segments") in arrows()


def test_a_box_is_in_one_room() -> None:
    assert len({node.id for node in GRAPH.nodes}) == len(GRAPH.nodes)


def test_mermaid_names_events_along_the_arrows() -> None:
    text = mermaid(GRAPH)
    assert "  subgraph uploads\n" in text
    assert "processor_release_upload" in text
    assert "processor_introduce_video -->|VideoDescribed| topic_videos" in text


def test_a_picture_holds_every_box_and_arrow() -> None:
    drawn = svg(GRAPH)
    assert all(f"<title>{node.id}</title>" in drawn for node in GRAPH.nodes)
    assert all(f"<title>{edge.start.id}&#45;&gt;{edge.end.id}</title>" in drawn for edge in GRAPH.edges)


def test_some_rooms_alone() -> None:
    part = GRAPH.within(["probing"])
    assert {node.name for node in part.nodes} >= {"probe-tasks", "settle_probe", "videos"}
    assert "settle_upload" not in {node.name for node in part.nodes}
    with pytest.raises(ValueError, match="no room cellar; there are accounts, "):
        GRAPH.within(["cellar"])


def test_the_picture_of_the_readme_is_of_this_platform() -> None:
    drawn = (ROOT / "docs" / "topology.svg").read_text()
    missing = [node.name for node in GRAPH.nodes if f"<title>{node.id}</title>" not in drawn]
    assert not missing, "run: playlog topology --svg docs/topology.svg"
