"""Why a video is recommended, in words."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from processors.ranking.blend import Code, Scored

WITH: dict[Code, str] = {
    "watched_together": "Viewers of “{title}” also watched this",
    "similar": "Similar to “{title}”",
}
WITHOUT: dict[Code, str] = {
    "watched_together": "Others with your taste watched this",
    "similar": "Similar to what you watch",
    "trending": "Trending now",
    "newest": "New",
}


class Because(msgspec.Struct, frozen=True):
    """The video that led to it."""

    video_id: str
    title: str


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """`code` for programs, `text` for people. `because`: only a video that anybody may find."""

    code: Code
    text: str
    because: Because | None = None


def reason(scored: Scored, titles: Mapping[str, str]) -> Reason:
    """`titles`: of the videos that may be named."""
    title = titles.get(scored.because or "")
    if not title or scored.because is None:
        return Reason(code=scored.code, text=WITHOUT[scored.code])
    return Reason(code=scored.code, text=WITH[scored.code].format(title=title), because=Because(scored.because, title))
