"""The search document of a video: its fields, how their words are cut, and how a match is scored.

Words are taken as they are in any language: cut at Unicode's word boundaries, without case and accents (ö is o, ß is
ss). A score follows from the document and the question alone: the similarities look at no other document, so the next
page of a search begins where the last one ended, whatever was indexed meanwhile.
"""

from __future__ import annotations

from typing import Any

from streams.tables import Index


def _length_aware(usual: int) -> dict[str, Any]:
    """A similarity like BM25 (k1 1.2, b 0.75) without what it takes from other documents; `usual`: words in a field."""
    source = f"return query.boost * 2.2 * doc.freq / (doc.freq + 0.3 + 0.9 * doc.length / {usual}.0);"
    return {"type": "scripted", "script": {"source": source}}


ANALYSIS = {
    "char_filter": {
        "accents": {"type": "pattern_replace", "pattern": "[\\u0300-\\u036f]", "replacement": ""},
    },
    "analyzer": {
        "words": {"tokenizer": "standard", "char_filter": ["accents"], "filter": ["lowercase", "asciifolding"]},
    },
    "normalizer": {
        "word": {"type": "custom", "char_filter": ["accents"], "filter": ["lowercase", "asciifolding"]},
    },
}
SIMILARITY = {"short": _length_aware(6), "long": _length_aware(60)}

WORD = {"type": "keyword", "ignore_above": 256}
FOLDED = {**WORD, "normalizer": "word"}
AS_WORDS = {"words": {"type": "text", "analyzer": "words", "similarity": "short"}}

FOUND = Index(
    "videos",
    key="video_id",
    fields={
        "video_id": WORD,
        "owner": WORD,
        "title": {
            "type": "text",
            "analyzer": "words",
            "similarity": "short",
            "copy_to": "words",
            "fields": {
                "typed": {"type": "search_as_you_type", "analyzer": "words", "similarity": "boolean"},
                "raw": FOLDED,
            },
        },
        "description": {"type": "text", "analyzer": "words", "similarity": "long", "copy_to": "words"},
        "tags": {**FOLDED, "copy_to": "words", "fields": AS_WORDS},
        "category": {**FOLDED, "copy_to": "words", "fields": AS_WORDS},
        "words": {"type": "text", "analyzer": "words", "similarity": "long"},  # all of the above: for typos
        "language": FOLDED,
        "visibility": WORD,
        "state": WORD,
        "deleted": {"type": "boolean"},
        "created_at": {"type": "date"},
        "duration_ms": {"type": "long"},
        # from `trends`: see processors/ranking/trend.py
        "hour_log": {"type": "double"},
        "day_log": {"type": "double"},
        "viewers_log": {"type": "double"},
        "viewers_at": {"type": "long"},
        "popularity": {"type": "integer"},  # doublings of its votes: moves seldom, so that pages hold
    },
    analysis=ANALYSIS,
    similarity=SIMILARITY,
)
