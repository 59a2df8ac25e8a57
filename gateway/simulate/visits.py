"""Everything that viewers will do, planned before the first call. Pure: the same seed and films give the same plan.

Visits arrive as a Poisson process (Paxson and Floyd, 1995: user sessions do). Ratings are J-shaped, as Hu et al.
(2009) found of reviews: those who care rate, and most of them like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from gateway.simulate.films import Film, choose, tags_of, taste_of
from gateway.simulate.posting import Post, posts
from gateway.simulate.viewers import Viewer, viewers
from gateway.simulate.watching import watch

DIRECT, SEARCHES, TYPOS = 0.5, 0.3, 0.2
RATES, CHANGES, WITHDRAWS = 0.4, 0.2, 0.1  # of signed-in viewers; of those who rate


@dataclass(frozen=True)
class Visit:
    """One viewer comes `at` seconds after the beginning, perhaps searches, watches one film, perhaps rates it.

    `direct`: by a link, without a look at the first page. `ratings`: what is said in turn; None withdraws it.
    """

    at: float
    viewer: Viewer
    film: Film
    direct: bool
    search: str | None
    posts: tuple[Post, ...]
    ratings: tuple[int | None, ...]


def plan(films: Sequence[Film], count: int, rate: float, seconds: float, seed: int) -> list[Visit]:
    """Visits of `count` viewers at `rate` a second for so many seconds, in order of arrival.

    Everybody comes once before anybody comes again, where there is the time; then the active come more often.
    """
    chance, people = Random(f"{seed} arrivals"), viewers(count, tags_of(films), seed)
    activity = [viewer.activity for viewer in people]
    first = chance.sample(people, count)
    visits: list[Visit] = []
    at = chance.expovariate(rate)
    while at < seconds:
        viewer = first.pop() if first else chance.choices(people, activity)[0]
        visits.append(_visit(Random(f"{seed} visit {len(visits)}"), at, viewer, films))
        at += chance.expovariate(rate)
    return visits


def _visit(chance: Random, at: float, viewer: Viewer, films: Sequence[Film]) -> Visit:
    film = choose(chance, viewer.tastes, films)
    taste = taste_of(viewer.tastes, film)
    seen = watch(chance, film, taste)
    search = _term(chance, film.title) if chance.random() < SEARCHES else None
    sent = tuple(posts(chance, seen, viewer.habit))
    return Visit(
        at,
        viewer,
        film,
        chance.random() < DIRECT,
        search,
        sent,
        tuple(_ratings(chance, taste)) if viewer.signed_in else (),
    )


def _ratings(chance: Random, taste: float) -> list[int | None]:
    if chance.random() > RATES:
        return []
    given: list[int | None] = [_stars(chance, taste)]
    if chance.random() < CHANGES:
        given.append(_stars(chance, taste))
    if chance.random() < WITHDRAWS:
        given.append(None)
    return given


def _stars(chance: Random, taste: float) -> int:
    """5 is the most frequent, 1 the next but for those who love it."""
    return chance.choices((1, 2, 3, 4, 5), (0.3 * (1 - taste), 0.1, 0.15, 0.25, 0.3 + taste))[0]


def _term(chance: Random, title: str) -> str:
    """A word of the title, sometimes with two letters swapped."""
    word = chance.choice(title.split() or ["video"])
    if len(word) > 4 and chance.random() < TYPOS:
        cut = chance.randrange(1, len(word) - 2)
        word = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return word
