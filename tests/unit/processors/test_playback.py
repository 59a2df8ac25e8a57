"""A view is counted once a session, whatever comes twice, late or in another order; and is what a recount says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.playback.tokens import LIFETIME
from gateway.uploads.identity import uuid7
from processors.playback.chart_minutes import chart_minutes
from processors.playback.count_views import count_views
from processors.playback.enough import REMEMBERED, enough
from processors.playback.list_watches import list_watches
from processors.playback.note_watch import note_watch
from processors.playback.recount import recount
from processors.playback.tables import RECENT_WATCHES, VIDEO_VIEWS, VIEWS_BY_HOUR
from processors.playback.tally_minutes import tally_minutes
from processors.playback.tally_views import tally_views
from processors.playback.total_views import total_views
from schemas.playback import PlaybackBeacon
from schemas.view_counts import ViewCounted
from schemas.watches import VideoWatched, WatchesForgotten
from streams.event import Event, days, hours, natural_id
from streams.harness import Topology, run

NOON = 1_800_000_000_000
SESSIONS = {name: uuid7(NOON + number * 1000, number) for number, name in enumerate("abc")}
VIDEOS = {name: natural_id(name) for name in "vw"}


def beacon(session: str = "a", sequence: int = 0, advanced: int = 10_000, **more: Any) -> PlaybackBeacon:
    fields: dict[str, Any] = {"video_id": VIDEOS["v"], "viewer_id": "anon-1", "duration_ms": 60_000, **more}
    fields.setdefault("occurred_at", NOON)
    return PlaybackBeacon(
        event_id=natural_id("beacon", SESSIONS[session], sequence), session_id=SESSIONS[session], sequence=sequence,
        kind="playing", position_ms=0, advanced_ms=advanced, **fields,
    )  # fmt: skip


def views(events: Iterable[Event | int]) -> list[ViewCounted]:
    return [event for event in run(count_views, events).emitted if isinstance(event, ViewCounted)]


def test_a_session_is_one_view_however_long() -> None:
    [view] = views(beacon(sequence=n) for n in range(60))
    assert (view.video_id, view.viewer_id, view.session_id) == (VIDEOS["v"], "anon-1", SESSIONS["a"])
    assert (view.occurred_at, view.event_id) == (NOON, natural_id("view", SESSIONS["a"]))


def test_ten_seconds_make_a_view_and_a_little_less_does_not() -> None:
    assert not views([beacon(advanced=9_999)])
    assert len(views([beacon(advanced=9_999), beacon(sequence=1, advanced=1)])) == 1


@pytest.mark.parametrize(
    ("duration", "wanted"), [(0, 10_000), (1, 1), (1_000, 300), (33_000, 9_900), (33_334, 10_000), (7_200_000, 10_000)]
)
def test_of_a_short_video_less_is_enough(duration: int, wanted: int) -> None:
    assert enough(duration) == wanted
    assert len(views([beacon(advanced=wanted, duration_ms=duration)])) == 1
    assert not views([beacon(advanced=wanted - 1, duration_ms=duration)])


def test_what_is_sent_twice_adds_nothing() -> None:
    assert not views([beacon(advanced=9_000)] * 5)


def test_what_is_sent_again_when_the_token_ends_counts_no_second_view() -> None:
    assert REMEMBERED > LIFETIME
    assert len(views([beacon(), LIFETIME, beacon(), beacon(sequence=1)])) == 1


def test_a_session_is_forgotten_once_no_beacon_of_it_can_come() -> None:
    assert run(count_views, [beacon(), REMEMBERED + 1]).states == {}


def told() -> st.SearchStrategy[list[PlaybackBeacon]]:
    """Each session's beacons, of one video each; what a player says under a sequence does not change."""
    one = st.tuples(
        st.sampled_from("abc"),
        st.integers(0, 5),
    )
    advanced = st.fixed_dictionaries(
        {(s, n): st.sampled_from([0, 3_000, 7_000, 10_000]) for s in "abc" for n in range(6)}
    )
    return st.tuples(st.lists(one, max_size=20, unique=True), advanced).map(
        lambda drawn: [
            beacon(
                session,
                sequence,
                drawn[1][session, sequence],
                video_id=VIDEOS["w" if session == "c" else "v"],
                duration_ms=20_000 if session == "b" else 600_000,
                occurred_at=NOON + sequence * 1_000_000,
            )
            for session, sequence in drawn[0]
        ]
    )


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[PlaybackBeacon], list[PlaybackBeacon | int]]:
    """What happened, and how it came: repeated, in any order, with pauses shorter than a token's life in all."""
    happened = draw(told())
    repeats = draw(st.lists(st.sampled_from(happened), max_size=10)) if happened else []
    came: list[PlaybackBeacon | int] = draw(st.permutations([*happened, *repeats]))
    for place in draw(st.lists(st.integers(0, len(came)), max_size=3)):
        came.insert(place, hours(1))
    return happened, came


@settings(deadline=None, max_examples=100)
@given(logs(), st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_twice_late_or_shuffled_views_are_the_same(
    log: tuple[list[PlaybackBeacon], list[PlaybackBeacon | int]], cuts: set[int], restarts: set[int]
) -> None:
    happened, came = log
    counted = run(count_views, came, cuts=cuts, restarts=restarts)
    assert by_id(counted.emitted) == by_id(views(happened))
    found = recount(happened)
    assert len(counted.emitted) == sum(of.views for of in found.values())


@settings(deadline=None, max_examples=100)
@given(logs(), st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_twice_late_or_shuffled_minutes_are_the_same(
    log: tuple[list[PlaybackBeacon], list[PlaybackBeacon | int]], cuts: set[int], restarts: set[int]
) -> None:
    happened, came = log
    by_hour = run(tally_minutes, came, cuts=cuts, restarts=restarts).rows["watched_by_hour"]
    by_minute = run(chart_minutes, came, cuts=cuts, restarts=restarts).rows["watched_by_minute"]
    found = recount(happened)
    assert sums(by_hour, "video_id", "hour") == {
        (video, at): ms for video, of in found.items() for at, ms in of.watched_by_hour.items()
    }
    assert sums(by_minute, "video_id", "minute") == {
        (video, at): ms for video, of in found.items() for at, ms in of.watched_by_minute.items()
    }
    assert all(row["day"] == row["minute"] // days(1) * days(1) for row in by_minute)
    assert sum(row["stalled_ms"] for row in by_hour) == sum(of.stalled_ms for of in found.values())
    assert sum(row["beacons"] for row in by_hour) == len(happened)


@settings(deadline=None, max_examples=50)
@given(logs())
def test_views_add_up_by_video_and_hour(log: tuple[list[PlaybackBeacon], list[PlaybackBeacon | int]]) -> None:
    happened, came = log
    topology = Topology([count_views, total_views, tally_views])
    for event in came:
        topology.advance(event) if isinstance(event, int) else topology.post(event)
    found = recount(happened)
    assert sums(topology.rows(VIDEO_VIEWS), "video_id", total="views") == {
        (video,): of.views for video, of in found.items() if of.views
    }
    assert sums(topology.rows(VIEWS_BY_HOUR), "video_id", "hour", total="views") == {
        (video, at): views for video, of in found.items() for at, views in of.views_by_hour.items()
    }


def test_what_is_watched_counts_whatever_the_player_was_about_to_do() -> None:
    told = [beacon(sequence=0, advanced=100), beacon(sequence=1, advanced=20), beacon(sequence=2, advanced=3)]
    kinds = [
        msgspec.structs.replace(one, kind=kind) for one, kind in zip(told, ("paused", "seeked", "ended"), strict=True)
    ]
    [row] = run(tally_minutes, kinds).rows["watched_by_hour"]
    assert row["watched_ms"] == 123


def sums(rows: Iterable[Mapping[str, Any]], *by: str, total: str = "watched_ms") -> dict[tuple[Any, ...], int]:
    """Added up over partitions, as a reader does."""
    found: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in by)
        found[key] = found.get(key, 0) + row[total]
    return found


def by_id(events: Iterable[object]) -> list[ViewCounted]:
    return sorted((event for event in events if isinstance(event, ViewCounted)), key=lambda event: event.event_id)


def test_a_view_is_a_watch_of_its_viewer_and_listed_newest_first() -> None:
    topology = Topology([count_views, note_watch, list_watches])
    for name in "acb":
        topology.post(beacon(name))
    watches = [event for event in topology.log("watches") if isinstance(event, VideoWatched)]
    assert [watch.event_id for watch in watches] == [natural_id("watch", SESSIONS[name]) for name in "acb"]
    rows = topology.rows(RECENT_WATCHES)
    assert {row["session_id"] for row in rows} == set(SESSIONS.values())
    assert all(earlier["watched_at"] < later["watched_at"] for earlier, later in pairwise(rows))


def test_who_is_forgotten_has_watched_nothing_and_may_watch_again() -> None:
    topology = Topology([count_views, note_watch, list_watches])
    topology.post(beacon("a"))
    topology.post(WatchesForgotten(viewer_id="anon-1"))
    assert topology.rows(RECENT_WATCHES) == []
    topology.post(beacon("b"))
    assert [row["session_id"] for row in topology.rows(RECENT_WATCHES)] == [SESSIONS["b"]]
