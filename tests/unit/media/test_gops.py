"""Which frames a chunk holds and where its key frames fall. Times in ticks of a millisecond; frames are letters."""

from __future__ import annotations

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from processors.media.gops import Span

Frames = list[tuple[int, int, str]]


def span(start: int = 0, end: int | None = None) -> Span[str]:
    return Span(count(start, 2000), 100, end)


def shots(frames: Frames, start: int = 0, end: int | None = None) -> list[tuple[int, str, bool]]:
    return [(shot.start, shot.frame, shot.key) for shot in span(start, end).shots(frames)]


def test_the_first_frame_of_each_two_seconds_is_a_key_frame():
    given_frames = [(0, 500, "a"), (500, 500, "b"), (2033, 500, "c"), (2500, 500, "d")]

    assert shots(given_frames) == [(0, "a", True), (500, "b", False), (2033, "c", True), (2500, "d", False)]


def test_a_boundary_without_a_frame_repeats_the_one_before():
    given_frames = [(0, 3500, "a"), (3500, 100, "b")]

    assert shots(given_frames) == [(0, "a", True), (2000, "a", True), (3500, "b", False)]


def test_a_long_last_frame_still_gets_its_key_frames():
    assert shots([(0, 5000, "a")]) == [(0, "a", True), (2000, "a", True), (4000, "a", True)]


def test_a_late_first_frame_is_shown_from_the_beginning():
    assert shots([(40, 40, "a"), (80, 40, "b")]) == [(0, "a", True), (40, "a", False), (80, "b", False)]


def test_frames_before_the_chunk_are_dropped_but_the_last_one_can_be_repeated():
    given_frames = [(5000, 900, "a"), (5900, 1600, "b"), (7500, 500, "c"), (8010, 500, "d")]

    assert shots(given_frames, start=6000) == [(6000, "b", True), (7500, "c", False), (8010, "d", True)]


def test_a_chunk_ends_before_the_frame_that_opens_the_next():
    chunk = span(0, 2000)

    assert [shot.frame for shot in chunk.shots([(0, 999, "a"), (999, 1002, "b"), (2001, 999, "c")])] == ["a", "b"]
    assert (chunk.stop, chunk.exhausted) == (2001, False)


def test_a_chunk_ends_at_its_end_when_the_next_frame_is_far():
    chunk = span(0, 2000)

    assert [shot.frame for shot in chunk.shots([(0, 999, "a"), (5000, 999, "b")])] == ["a"]
    assert (chunk.stop, chunk.exhausted) == (2000, False)


def test_a_source_that_ends_early_says_so():
    chunk = span(6000, 36000)

    assert list(chunk.shots([(4000, 500, "a")])) == []
    assert (chunk.stop, chunk.exhausted) == (6000, True)


@given(
    st.lists(st.integers(1, 9000), min_size=1, max_size=60),
    st.lists(st.sampled_from(range(6000, 60000, 6000)), unique=True),
)
def test_cuts_change_nothing(durations: list[int], cuts: list[int]):
    starts = [sum(durations[:n]) for n in range(len(durations))]
    frames = [(start, lasts, str(n)) for n, (start, lasts) in enumerate(zip(starts, durations, strict=True))]
    cuts = sorted(cut for cut in cuts if cut < sum(durations))
    whole = shots(frames)

    pieces: list[tuple[int, str, bool]] = []
    for start, end in zip([0, *cuts], [*cuts, None], strict=True):
        from_here = max([n for n, at in enumerate(starts) if at <= start], default=0)
        pieces += shots(frames[from_here:], start, end)

    assert pieces == whole
