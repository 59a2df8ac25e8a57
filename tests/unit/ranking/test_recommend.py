"""The ranker on small hand-made cases: what is recommended, in which order, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.ranking.blend import Scored, blend
from processors.ranking.diversity import diversified
from processors.ranking.evidence import Evidence, candidates
from processors.ranking.interest import DISLIKED, MOST, Seed, disliked, interests
from processors.ranking.recommend import recommend
from processors.ranking.similarity import About, alike, together

SEA = About(frozenset({"sea", "storm"}), "nature", "ann")
BAY = About(frozenset({"sea", "calm"}), "nature", "bob")
CHESS = About(frozenset({"chess"}), "games", "cid")


def test_similarity_grows_with_shared_viewers_and_falls_with_fame() -> None:
    assert together(0, 100, 100) == 0
    assert together(20, 100, 100) > together(10, 100, 100)
    assert together(10, 100, 100) > together(10, 100, 10_000)
    assert together(10, 100, 100) == pytest.approx(0.1 * 10 / 20)


def test_one_shared_viewer_says_little_though_nobody_else_watched() -> None:
    assert together(1, 1, 1) < together(20, 50, 50)


def test_pairs_that_are_ahead_of_the_views_are_no_more_than_all() -> None:
    assert together(10, 0, 3) == together(10, 10, 10) < 1


def test_content_is_alike_by_tags_category_and_words() -> None:
    assert alike(SEA, SEA, 1.0) == pytest.approx(1)
    assert alike(SEA, BAY) == pytest.approx(0.3 / 3 + 0.2)
    assert alike(SEA, CHESS) == 0
    assert alike(About(), About()) == 0


def test_interest_is_in_the_latest_and_the_best_rated() -> None:
    seeds = interests(["a", "b", "a", "c", "d"], {"b": 5, "c": 1, "z": 4, "y": 3})
    assert [seed.video_id for seed in seeds] == ["b", "a", "z", "d"]
    assert disliked({"b": 5, "c": 1, "d": 2, "e": 3}) == {"c", "d"}


def test_what_was_watched_together_comes_before_what_is_alike_before_what_trends_before_what_is_new() -> None:
    evidence = Evidence(
        seeds=[Seed("seed", 1.0)], together={"seed": {"both": 40}}, texts={"seed": {"words": 0.5}},
        trending=["hot", "hot2"], newest=["new"],
    )  # fmt: skip
    listed = recommend(evidence, candidates(evidence, 10), {"seed": 100, "both": 60}, {}, 10)
    assert [(one.video_id, one.code, one.because) for one in listed] == [
        ("both", "watched_together", "seed"), ("words", "similar", "seed"), ("hot", "trending", None),
        ("hot2", "trending", None), ("new", "newest", None),
    ]  # fmt: skip


def test_the_reason_is_the_seed_that_says_most() -> None:
    evidence = Evidence(
        seeds=[Seed("late", 1.0), Seed("loved", 0.9)], together={"late": {"x": 2}, "loved": {"x": 50}},
    )  # fmt: skip
    (only,) = blend(evidence, ["x"], {"late": 100, "loved": 100, "x": 100}, {})
    assert (only.code, only.because) == ("watched_together", "loved")


def test_a_watch_more_brings_a_video_forward() -> None:
    def order(viewers: int) -> list[str]:
        evidence = Evidence(seeds=[Seed("seed", 1.0)], together={"seed": {"x": viewers, "y": 10}})
        return [one.video_id for one in blend(evidence, ["x", "y"], {"seed": 50, "x": 20, "y": 20}, {})]

    assert (order(9), order(11)) == (["y", "x"], ["x", "y"])


def test_of_equals_the_newer_comes_first_in_whatever_order_they_are_known() -> None:
    evidence = Evidence(seeds=[Seed("s", 1.0)], together={"s": {"older": 5, "oldest": 5, "younger": 5}})
    for pool in (["older", "oldest", "younger"], ["younger", "oldest", "older"]):
        assert [one.video_id for one in recommend(evidence, pool, {}, {}, 3)] == ["younger", "oldest", "older"]
    assert candidates(evidence, 3) == ["younger", "oldest", "older"]


def test_nobody_known_gets_what_trends_then_what_is_new() -> None:
    evidence = Evidence(trending=["b", "a"], newest=["c", "b", "d"])
    listed = recommend(evidence, candidates(evidence, 10), {}, {}, 10)
    assert [one.video_id for one in listed] == ["b", "a", "c", "d"]
    assert {one.because for one in listed} == {None}


def test_no_source_crowds_out_another() -> None:
    evidence = Evidence(
        seeds=[Seed("s", 1.0)], together={"s": {f"t{n}": n for n in range(100)}}, texts={"s": {"w": 0.1}},
        trending=["hot"], newest=["new"],
    )  # fmt: skip
    assert {"t99", "w", "hot", "new"} <= set(candidates(evidence, 6))


def test_a_list_is_not_all_of_the_same() -> None:
    scored = [Scored("sea", 1.0, "similar"), Scored("sea2", 0.9, "similar"), Scored("chess", 0.85, "similar")]
    about = {"sea": SEA, "sea2": SEA, "chess": CHESS}
    assert [one.video_id for one in diversified(scored, about, 3)] == ["sea", "chess", "sea2"]
    assert [one.video_id for one in diversified(scored, {}, 3)] == ["sea", "sea2", "chess"]


VIDEOS = st.sampled_from([f"v{n}" for n in range(12)])
SOURCES = st.dictionaries(VIDEOS, st.dictionaries(VIDEOS, st.integers(0, 50), max_size=8), max_size=5)
TEXTS = st.dictionaries(VIDEOS, st.dictionaries(VIDEOS, st.floats(0, 1), max_size=8), max_size=5)
ABOUT = st.dictionaries(VIDEOS, st.sampled_from([SEA, BAY, CHESS]))
SHELF = st.lists(VIDEOS, unique=True, max_size=6)
EVIDENCE = st.builds(
    Evidence,
    seeds=st.lists(st.builds(Seed, VIDEOS, st.floats(0.1, 1.5)), max_size=5, unique_by=lambda seed: seed.video_id),
    together=SOURCES,
    texts=TEXTS,
    trending=SHELF,
    newest=SHELF,
    left_out=st.sets(VIDEOS),
)


@given(EVIDENCE, st.dictionaries(VIDEOS, st.integers(0, 100)), ABOUT, st.integers(0, 12), st.integers(0, 12))
def test_a_list_is_short_distinct_and_of_what_may_be_in_it(
    evidence: Evidence, views: Mapping[str, int], about: Mapping[str, About], most: int, limit: int
) -> None:
    pool = candidates(evidence, most)
    listed = recommend(evidence, pool, views, about, limit)
    assert len(pool) <= most
    assert len(listed) <= limit
    names = [one.video_id for one in listed]
    assert len(set(names)) == len(names)
    assert set(names) <= set(pool)
    assert not set(names) & set(evidence.left_out)
    assert all(one.score > 0 for one in listed)
    seeds = {seed.video_id for seed in evidence.seeds}
    assert all((one.because in seeds) == (one.code in ("watched_together", "similar")) for one in listed)
    assert listed == recommend(evidence, pool[::-1], views, about, limit)


@given(st.lists(VIDEOS), st.dictionaries(VIDEOS, st.integers(1, 5)))
def test_interests_are_few_distinct_and_never_of_what_was_rated_down(
    recent: Sequence[str], stars: Mapping[str, int]
) -> None:
    seeds = interests(recent, stars)
    names = [seed.video_id for seed in seeds]
    assert len(set(names)) == len(names) <= MOST
    assert all(stars.get(name, 5) > DISLIKED for name in names)
    assert all(0 < seed.weight <= 1.5 for seed in seeds)
    assert seeds == sorted(seeds, key=lambda seed: seed.weight, reverse=True)
