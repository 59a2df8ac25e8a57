"""The interface as declared: described whole, and true to what the processors declare."""

from __future__ import annotations

import re
from typing import cast

import msgspec

from deploy.assembly import FOLDS, TALLIES, VIEWS
from gateway import reads
from gateway.access.caller import Identity
from gateway.middleware import caller_of
from gateway.openapi import document
from gateway.routes import ROUTES
from gateway.services import Services
from streams.opening import shown_in
from streams.tables import Index, Table

DOCUMENT = msgspec.json.decode(document(ROUTES))


def test_every_route_is_described_with_its_body_answers_and_parameters() -> None:
    for route in ROUTES:
        operation = DOCUMENT["paths"][re.sub(r":[^}]*", "", route.path)][route.method.lower()]
        assert operation["summary"]
        assert operation["description"], route.handler.__name__
        assert str(route.status) in operation["responses"]
        assert ("requestBody" in operation) == (route.body is not None)
        named = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)", route.path))
        if route.role:
            assert operation["security"] == [{"bearer": []}]
            assert {"401", "403"} <= set(operation["responses"])


def test_a_key_is_promised_only_where_what_it_names_is_accepted_once() -> None:
    keyed = {
        operation["operationId"]
        for path in DOCUMENT["paths"].values()
        for operation in path.values()
        if any(parameter["name"] == "Idempotency-Key" for parameter in operation["parameters"])
    }
    assert {"start_upload", "complete_upload", "abort_upload", "delete_video"} <= keyed
    assert not {"describe_video", "report_part"} & keyed


async def test_what_is_the_same_for_all_looks_nobody_up_and_still_refuses_a_bad_token() -> None:
    away = cast("Services", None)  # a look-up would fail
    ann = Identity("b0c8e7d6a5f4", "viewer")
    shared = {route.path: route for route in ROUTES if route.tag == "finding" and route.same_for_all}
    assert set(shared) == {"/v1/search", "/v1/suggest", "/v1/trending"}
    for route in shared.values():
        assert await caller_of(away, ann, route) is None
        assert 401 in route.refuses


def test_every_reference_leads_to_a_schema() -> None:
    wanted = set(re.findall(r'"#/components/schemas/(\w+)"', msgspec.json.encode(DOCUMENT).decode()))
    assert wanted
    assert wanted <= set(DOCUMENT["components"]["schemas"])


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


def test_the_tables_read_are_the_tables_that_views_write() -> None:
    processors = (*FOLDS, *VIEWS, *TALLIES)
    written = {t.name: t for processor in processors for t in shown_in(processor) if isinstance(t, Table)}
    for table in vars(reads).values():
        if isinstance(table, Table):
            assert (table.key, table.rows) == (written[table.name].key, written[table.name].rows)
            assert table.newest_first == written[table.name].newest_first
    assert reads.FOUND.name in {t.name for view in VIEWS for t in view.into if isinstance(t, Index)}


def test_the_views_waited_for_read_the_topics_they_are_said_to() -> None:
    by_name = {p.name: {event.topic for event in p.reads} for p in (*FOLDS, *VIEWS, *TALLIES)}
    for view, topics in reads.TOPICS_OF.items():
        assert by_name[view] == set(topics)
    assert {name for route in ROUTES for name in route.views} <= set(reads.TOPICS_OF)


def test_posting_events_twice_is_promised_to_count_once_only_where_ids_are_kept() -> None:
    promise = " ".join(DOCUMENT["paths"]["/v1/events/{topic}"]["post"]["description"].split())
    folds = [fold for fold in FOLDS if fold.once]
    once_by = [event for tally in TALLIES if tally.once_by is not None for event in tally.reads]
    keep = {event.topic for event in (*once_by, *(event for fold in folds for event in fold.reads))}
    accepted, _, counted = promise.partition("accept it once")
    assert all(re.search(rf"\b{topic}\b", accepted) for topic in keep)
    plain = {event.topic for tally in TALLIES if tally.once_by is None for event in tally.reads}
    assert {"view-counts", "co-watches"} <= plain
    assert all(re.search(rf"\b{topic}\b", counted) for topic in (*plain, "video-ratings", "trend-votes", "watches"))
