"""Complete what is being typed with the titles of videos: GET /v1/suggest?q=."""

from __future__ import annotations

import time

import msgspec

from gateway.finding import question
from gateway.finding.cards import public_rows
from gateway.finding.documents import ask, settled
from gateway.finding.words import refusals, words
from gateway.playback.sessions import require_room
from gateway.problems import FieldError, invalid
from gateway.route import Call, Reply

MOST = 20


class SuggestQuery(msgspec.Struct, frozen=True):
    """`q`: the first letters, or words of which the last is begun."""

    q: str
    limit: int = 8


class Suggestion(msgspec.Struct, frozen=True):
    """The title of a public, published video."""

    title: str
    video_id: str


class Suggestions(msgspec.Struct, frozen=True):
    """Best first; a title that several videos have comes once."""

    titles: list[Suggestion]


async def suggest_titles(call: Call, query: SuggestQuery) -> Reply[Suggestions]:
    """Titles that hold the words typed so far, the last of them as a word's beginning."""
    require_room(call, call.services.queries)
    text = words(query.q)
    errors = refusals(q=query.q) + ([] if text else [FieldError("q", "is empty: give a letter or more")])
    if not 1 <= query.limit <= MOST:
        errors.append(FieldError("limit", f"must be 1 to {MOST}"))
    if errors:
        raise invalid(errors)
    await settled(call)
    answer = await ask(call.services, question.suggestions(text, int(time.time() * 1000), query.limit))
    rows = await public_rows(call.services, (hit["_id"] for hit in answer["hits"]["hits"]))
    return Reply(Suggestions([Suggestion(row["title"] or "", video) for video, row in rows.items()]))
