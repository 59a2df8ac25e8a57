"""Searches in OpenSearch's query language. Pure: from what was asked to what is sent. `processors/library/found.py`
says what the fields are; what is typed is only ever text to be matched, never syntax.
"""

from __future__ import annotations

from typing import Any

import msgspec

from processors.ranking.trend import DAY, Window

Clause = dict[str, Any]

FIELDS = ["title^4", "tags.words^2", "category.words^2", "description"]
TYPED = ["title.typed", "title.typed._2gram", "title.typed._3gram"]
SHOWN: list[Clause] = [{"term": {"visibility": "public"}}, {"term": {"state": "published"}}]
HIDDEN: list[Clause] = [{"term": {"deleted": True}}]
COUNTED = 10_000  # more hits than this are not counted
ONE_TYPO = {"fuzziness": "AUTO:4,9", "prefix_length": 1}  # two in words of nine letters; the first letter is right
RECENT, POPULAR = 0.25, 0.03  # how much of its score a new video gains; and a video, each time its votes double
HALF_AS_NEW = "30d"
MARKS = {"pre_tags": ["<mark>"], "post_tags": ["</mark>"], "encoder": "html"}  # all else in it is escaped
ENOUGH_VIEWERS = """
int found = 0;
for (def at : doc['viewers_at']) { if (at > params.since) { found++; } }
return found >= params.least;
"""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a search is for: `text`, and filters; None filters nothing."""

    text: str = ""
    category: str | None = None
    language: str | None = None
    tag: str | None = None
    owner: str | None = None
    min_duration_ms: int | None = None
    max_duration_ms: int | None = None

    @property
    def empty(self) -> bool:
        return not self.text and all(getattr(self, name) is None for name in self.__struct_fields__[1:])


class Place(msgspec.Struct, frozen=True, array_like=True):
    """The last hit of a page, and the time (ms) for which the first page was ranked: the next goes on from there."""

    now: int
    score: float
    video_id: str


def search(asked: Asked, now: int, limit: int, after: Place | None = None) -> Clause:
    """Best first. Scores depend on the video and on what was asked, at `now` (ms): pages of one search fit together."""
    matching: Clause = {"filter": [*SHOWN, *filters(asked)], "must_not": HIDDEN}
    if asked.text:
        matching["must"] = [matches(asked.text)]
    question: Clause = {
        "query": weighed({"bool": matching}, now),
        "sort": [{"_score": "desc"}, {"video_id": "desc"}],
        "size": limit, "_source": False, "track_total_hits": COUNTED, "highlight": HIGHLIGHT,
    }  # fmt: skip
    return question | ({"search_after": [after.score, after.video_id]} if after else {})


def matches(text: str) -> Clause:
    """All words are in one field, or spread over fields; the last may be a word's beginning; a typo is forgiven."""
    every = {"query": text, "operator": "and"}
    spread = {**every, "fields": FIELDS, "tie_breaker": 0.3}
    ways: list[Clause] = [
        {"multi_match": {**spread, "type": "best_fields"}},
        {"multi_match": {**spread, "type": "cross_fields"}},
        {"multi_match": {**every, "fields": TYPED, "type": "bool_prefix"}},
        {"match": {"words": {**every, **ONE_TYPO, "max_expansions": 20, "boost": 0.3}}},
    ]
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def filters(asked: Asked) -> list[Clause]:
    named = {"category": asked.category, "tags": asked.tag, "owner": asked.owner}
    found: list[Clause] = [{"term": {field: value}} for field, value in named.items() if value is not None]
    if asked.language is not None:
        found.append({"bool": {"should": [
            {"term": {"language": asked.language}}, {"prefix": {"language": f"{asked.language.lower()}-"}},
        ]}})  # fmt: skip
    lengths = {"gte": asked.min_duration_ms, "lte": asked.max_duration_ms}
    if given := {sign: length for sign, length in lengths.items() if length is not None}:
        found.append({"range": {"duration_ms": given}})
    return found


def weighed(query: Clause, now: int) -> Clause:
    """New and much watched videos come first among equals; neither outweighs the words."""
    newness = {"created_at": {"origin": now, "scale": HALF_AS_NEW, "decay": 0.5}}
    functions: list[Clause] = [
        {"weight": 1},
        {"gauss": newness, "weight": RECENT},
        {"field_value_factor": {"field": "popularity", "factor": POPULAR, "missing": 0}},
    ]
    return {"function_score": {"query": query, "functions": functions, "score_mode": "sum", "boost_mode": "multiply"}}


def suggestions(text: str, now: int, limit: int) -> Clause:
    """Titles that go on from `text`: all its words, the last one begun. One title once."""
    begun = {"query": text, "operator": "and", "type": "bool_prefix", "fields": TYPED, **ONE_TYPO}
    matching = {"must": [{"multi_match": begun}], "filter": SHOWN, "must_not": HIDDEN}
    return {
        "query": weighed({"bool": matching}, now), "collapse": {"field": "title.raw"},
        "size": limit, "_source": False, "track_total_hits": False,
    }  # fmt: skip


def trends(window: Window, now: int, least: int, limit: int) -> Clause:
    """The order of `processors.ranking.trend.ranked`, and its minimum of distinct viewers within 24 h."""
    since = now - DAY
    enough = {"source": ENOUGH_VIEWERS, "lang": "painless", "params": {"since": since, "least": least}}
    lately: list[Clause] = [{"range": {"viewers_at": {"gt": since}}}, {"script": {"script": enough}}]
    return {
        "query": {"bool": {"filter": [*SHOWN, *lately], "must_not": HIDDEN}},
        "sort": [{"hour_log" if window == "1h" else "day_log": "desc"}, {"video_id": "asc"}],
        "size": limit, "_source": ["hour_log", "day_log", "viewers_log", "viewers_at"], "track_total_hits": False,
    }  # fmt: skip


HIGHLIGHT: Clause = {
    **MARKS, "require_field_match": False, "max_analyzer_offset": 10_000,
    "fields": {"title": {"number_of_fragments": 0}, "description": {"number_of_fragments": 1, "fragment_size": 160}},
}  # fmt: skip
