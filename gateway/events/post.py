"""Put any event of the catalogue into its topic: POST /v1/events/{topic}, for trusted clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.events.check import Unfit, event_of, records_of
from gateway.problems import FieldError, Problem, invalid
from gateway.route import Call, Reply, elements, read_bytes
from streams.catalogue import Topic
from streams.event import Event, natural_id
from streams.positions import latest, positions_text

MOST = 1_000  # events in a request


class Posted(msgspec.Struct, frozen=True):
    """Where each event stands, in the order of the request."""

    positions: list[str]


async def post_events(call: Call) -> Reply[Posted]:
    """Write events into a topic: an array of objects, each with its `type` and the fields of its schema.

    All are checked before the first is written, and none is where one does not fit. `event_id` and `occurred_at` are
    given where they are left out; with an Idempotency-Key a repeat gives the same ids. It is written again: readers
    that keep ids (of uploads, probe-reports, encode-reports, ratings, and of what is asked of videos; of playback by
    session and sequence) accept it once. Derived counts (view-counts, watches, video-ratings, co-watches, trend-votes)
    take every record: post the facts that they follow from instead.
    """
    topic = topic_of(call)
    events = _events(call, topic, elements(await read_bytes(call.request)))
    try:
        positions = await call.post_all(events)
    except ValueError as error:
        raise invalid([FieldError("body", str(error))]) from None
    return Reply(Posted([str(p) for p in positions]), position=positions_text(latest(positions)))


def topic_of(call: Call) -> Topic:
    """The topic in the path; raises a 403 or 404 problem."""
    name = call.request.match_info["topic"]
    topic = call.services.platform.catalogue.topics.get(name)
    if topic is None:
        known = ", ".join(t.name for t in call.services.platform.catalogue.topics.values() if not t.share)
        raise Problem(404, "unknown-topic", f"There is no topic {name[:80]}.", f"Post to one of {known}.")
    if topic.share:
        raise Problem(
            403, "task-topic", f"{name} holds tasks, which the folds that own them give out.",
            "Post the event that such a fold reads.",
        )  # fmt: skip
    return topic


def _events(call: Call, topic: Topic, items: list[msgspec.Raw]) -> list[Event]:
    """Raises a 413 problem, or a 422 problem that names everything that is wrong."""
    if len(items) > MOST:
        raise Problem(413, "too-many-events", f"{len(items)} events at once.", f"Send at most {MOST} in a request.")
    platform, key = call.services.platform, call.idempotency_key
    records, events, wrong = records_of(platform.classes, topic), list[Event](), list[FieldError]()
    for index, item in enumerate(items):
        given = natural_id("event", topic.name, call.caller.owner, key, index) if key else ""
        try:
            events.append(event_of(_fields(item), records, platform.catalogue.schemas, given))
        except Unfit as error:
            wrong.append(FieldError(f"[{index}]{error.field and '.' + error.field}", str(error)))
    if wrong:
        raise invalid(wrong)
    return events


def _fields(item: msgspec.Raw) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(item, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unfit("", str(error)) from None
