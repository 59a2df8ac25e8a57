"""The plan of a simulated day: the same for the same seed, and what a gateway may be told."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from gateway.simulate.films import Film
from gateway.simulate.posting import posts
from gateway.simulate.publishing import invented
from gateway.simulate.viewers import HABITS, Habit
from gateway.simulate.visits import Visit, plan
from gateway.simulate.watching import EVERY_MS, watch

FILMS = [Film(f"v{rank}", f"Film number {rank}", ("sea", f"t{rank % 3}"), 30_000 * rank, rank) for rank in range(1, 21)]


def day(seed: int = 7) -> list[Visit]:
    return plan(FILMS, count=200, rate=20, seconds=20, seed=seed)


def test_the_same_seed_gives_the_same_day() -> None:
    assert day(7) == day(7)
    assert day(7) != day(8)


def test_visits_arrive_at_the_rate_within_the_time() -> None:
    visits = day()
    assert 320 < len(visits) < 480  # 400 expected, four standard deviations
    assert all(0 < visit.at < 20 for visit in visits)


def test_everybody_comes() -> None:
    assert len({visit.viewer.name for visit in day()}) == 200


def test_what_is_popular_is_watched_most() -> None:
    chosen = Counter(visit.film.rank for visit in day())
    assert chosen[1] == max(chosen.values())
    assert sum(chosen[rank] for rank in range(1, 6)) > sum(chosen[rank] for rank in range(16, 21)) * 2


def test_only_who_is_signed_in_rates() -> None:
    visits = day()
    assert any(visit.ratings for visit in visits)
    assert not any(visit.ratings for visit in visits if not visit.viewer.signed_in)


@pytest.mark.parametrize("film", [FILMS[0], FILMS[10], Film("v", "Tiny", (), 500, 1)])
def test_a_player_never_leaves_the_film(film: Film) -> None:
    for seed in range(200):
        beacons = watch(Random(seed), film, taste=0.8)
        assert [one.sequence for one in beacons] == list(range(len(beacons)))
        assert all(0 <= one.position_ms <= film.duration_ms for one in beacons)
        assert all(0 <= one.advanced_ms <= EVERY_MS for one in beacons)
        assert all(before.after_ms <= after.after_ms for before, after in pairwise(beacons))


@pytest.mark.parametrize("habit", HABITS)
def test_whatever_its_habit_a_player_sends_every_beacon(habit: Habit) -> None:
    beacons = watch(Random(3), FILMS[19], taste=1)
    sent = posts(Random(4), beacons, habit)
    assert {one.sequence for post in sent for one in post.beacons} == {one.sequence for one in beacons}


def test_about_three_fifths_of_viewings_see_less_than_a_fifth() -> None:
    short = sum(_share(seed) < 0.2 for seed in range(1000))
    assert 500 < short < 700


def _share(seed: int) -> float:
    film = FILMS[19]
    return sum(one.advanced_ms for one in watch(Random(seed), film, taste=0.5)) / film.duration_ms


def test_invented_films_can_be_told_apart() -> None:
    films = invented(20, seed=1)
    assert len({film.video_id for film in films}) == len({film.title for film in films}) == 20
