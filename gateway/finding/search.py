"""Find videos by their words: GET /v1/search?q=."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from gateway.finding import question
from gateway.finding.cards import Card, cards_of, filled
from gateway.finding.documents import ask, settled
from gateway.finding.pages import Pages
from gateway.finding.question import Asked, Place
from gateway.finding.words import refusals, words
from gateway.measures import FOUND_NOTHING, HIDDEN_HITS
from gateway.playback.sessions import require_room
from gateway.problems import FieldError, invalid
from gateway.route import Call, Reply

MOST = 50
LONGEST_MS = 1 << 53  # what every JSON reader can hold


class SearchQuery(msgspec.Struct, frozen=True):
    """`q`: the words looked for; may be left out where a filter is given. Durations in ms. `cursor`: from the page
    before. `language` is a BCP 47 tag: `de` finds `de-AT` too.
    """

    q: str = ""
    category: str | None = None
    language: str | None = None
    tag: str | None = None
    owner: str | None = None
    min_duration_ms: int | None = None
    max_duration_ms: int | None = None
    cursor: str | None = None
    limit: int = 20


class Marked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What matched, as HTML: the text escaped, `<mark>` around the words. Left out where nothing in it matched."""

    title: str = ""
    description: str = ""


class Found(Card, frozen=True, kw_only=True):
    """A video that was found; `score` compares within one search only."""

    score: float
    highlight: Marked


class FoundVideos(msgspec.Struct, frozen=True):
    """Best first. `total` counts to 10,000. `cursor` is null on the last page.

    What was hidden since it was indexed is left out, so a page may be shorter than its limit.
    """

    videos: list[Found]
    total: int
    cursor: str | None


async def search_videos(call: Call, query: SearchQuery) -> Reply[FoundVideos]:
    """Public, published videos whose title, text, tags or category hold all the words; a typo is forgiven.

    A score depends on the video and the search alone, so pages neither repeat nor skip what stays as it is.
    """
    require_room(call, call.services.queries)
    asked, pages = asked_for(query), Pages(call.services.secrets.media)
    after = pages.place(asked, query.cursor) if query.cursor else None
    now = after.now if after else int(time.time() * 1000)
    await settled(call)
    answer = (await ask(call.services, question.search(asked, now, query.limit, after)))["hits"]
    hits = answer["hits"]
    if not (after or hits):
        FOUND_NOTHING.inc()
    full = len(hits) == query.limit
    cursor = pages.cursor(asked, Place(now, *hits[-1]["sort"])) if full else None
    return Reply(FoundVideos(await _found(call, hits), answer["total"]["value"], cursor))


async def _found(call: Call, hits: list[dict[str, Any]]) -> list[Found]:
    """The hits that the library still shows."""
    cards = await cards_of(call.services, (hit["_id"] for hit in hits))
    HIDDEN_HITS.inc(len(hits) - len(cards))
    return [
        filled(Found, cards[hit["_id"]], score=hit["sort"][0], highlight=marked(hit))
        for hit in hits
        if hit["_id"] in cards
    ]


def asked_for(query: SearchQuery) -> Asked:
    """Raises a 422 problem naming each field that can't be looked for."""
    named = {name: getattr(query, name) for name in ("category", "language", "tag", "owner")}
    errors = [*refusals(q=query.q, **named), *_numbers(query)]
    asked = Asked(
        text=words(query.q), min_duration_ms=query.min_duration_ms, max_duration_ms=query.max_duration_ms,
        **{name: words(value) or None for name, value in named.items() if value is not None},
    )  # fmt: skip
    if asked.empty and not errors:
        errors.append(FieldError("q", "is empty: give some words, or a filter"))
    if errors:
        raise invalid(errors)
    return asked


def _numbers(query: SearchQuery) -> list[FieldError]:
    errors: list[FieldError] = []
    if not 1 <= query.limit <= MOST:
        errors.append(FieldError("limit", f"must be 1 to {MOST}"))
    lengths = {"min_duration_ms": query.min_duration_ms, "max_duration_ms": query.max_duration_ms}
    given = {name: length for name, length in lengths.items() if length is not None}
    errors += [FieldError(name, "must be 0 or more ms") for name, ms in given.items() if not 0 <= ms <= LONGEST_MS]
    if len(given) == 2 and given["min_duration_ms"] > given["max_duration_ms"]:
        errors.append(FieldError("min_duration_ms", "is longer than max_duration_ms"))
    return errors


def marked(hit: dict[str, Any]) -> Marked:
    parts = hit.get("highlight", {})
    return Marked(**{name: parts[name][0] for name in ("title", "description") if parts.get(name)})
