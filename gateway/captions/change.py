"""Give a video captions, or take them away: PUT and DELETE /v1/videos/{video_id}/captions/{language}."""

from __future__ import annotations

import asyncio
import unicodedata

import msgspec

from gateway.captions.shown import captions_of
from gateway.playback.sessions import require_room
from gateway.problems import FieldError, Problem, invalid
from gateway.reads import CAPTIONS, CAPTIONS_BY_OWNER
from gateway.route import Call, Reply, read_bytes
from gateway.uploads.identity import command_id
from gateway.uploads.quotas import check_captions
from gateway.videos.known import Known, own_video
from processors.media.captions import MOST_BYTES, BadCaptions, captions
from processors.media.cues import Cue, webvtt
from processors.media.languages import NoLanguage, language_tag
from processors.media.names import text_key
from schemas.videos import CaptionAdded, CaptionRemoved
from streams.objects import Blob
from streams.rows import Rows

TYPES = ("text/vtt", "application/x-subrip", "text/srt", "text/plain", "application/octet-stream")
IMMUTABLE = "public, max-age=31536000, immutable"
MOST_LANGUAGES = 100
LONGEST_LABEL = 100


class CaptionQuery(msgspec.Struct, frozen=True):
    """`label`: what the track is called in menus; by its language where it is left out."""

    label: str = ""


class Captioned(msgspec.Struct, frozen=True):
    """The captions that the video has in a language from now on, none after a removal; in the log at `position`."""

    video_id: str
    language: str
    cues: int
    position: str


async def put_captions(call: Call, query: CaptionQuery) -> Reply[Captioned]:
    """Give the video captions, SubRip or WebVTT, in place of those it has in the language.

    Styling is kept, other markup is not. A 422 answer names the line that can't be read, a 429 answer the quota.
    """
    require_room(call, call.services.queries)
    known, language = await _place(call)
    video_id, owner = known.video_id, known.owner or ""
    _check_label(query.label)
    cues = await asyncio.to_thread(_read, await read_bytes(call.request, MOST_BYTES, TYPES))
    data = webvtt(cues)
    await _require_few(call, language)
    held = await held_beside(call.services.rows, owner, video_id, language)
    check_captions(held, len(data), call.services.options)
    key = text_key(video_id, language, data)
    await call.services.objects.put(Blob(key, data, "text/vtt", IMMUTABLE))
    added = CaptionAdded(
        event_id=command_id(f"caption {key} {query.label}", call.caller.owner, call.idempotency_key),
        video_id=video_id, language=language, origin="uploaded", label=query.label.strip(), key=key,
        bytes=len(data), cues=len(cues), owner=owner,
    )  # fmt: skip
    position = str(await call.post(added))
    return Reply(Captioned(video_id, language, len(cues), position), position=position)


async def remove_captions(call: Call) -> Reply[Captioned]:
    """Take the captions in a language away, also those that came with the file. Doing it again changes nothing."""
    known, language = await _place(call)
    video_id = known.video_id
    event_id = command_id(f"uncaption {video_id} {language}", call.caller.owner, call.idempotency_key)
    removed = CaptionRemoved(event_id=event_id, video_id=video_id, language=language, owner=known.owner or "")
    position = str(await call.post(removed))
    return Reply(Captioned(video_id, language, 0, position), position=position)


async def held_beside(rows: Rows, owner: str, video_id: str, language: str) -> int:
    """Bytes of the owner's captions but for those in this place, which new ones would replace."""
    place = await rows.get(CAPTIONS_BY_OWNER, owner=owner, video_id=video_id, language=language)
    held = await rows.sums(CAPTIONS_BY_OWNER, ["bytes"], owner=owner)
    return max(0, held["bytes"] - ((place or {}).get("bytes") or 0))


async def _place(call: Call) -> tuple[Known, str]:
    """The caller's video and the language in the path; raises a 403, 404, 410 or 422 problem."""
    known = await own_video(call)
    try:
        return known, language_tag(call.request.match_info["language"])
    except NoLanguage as error:
        raise invalid([FieldError("language", str(error))]) from None


def _read(raw: bytes) -> list[Cue]:
    try:
        return captions(raw)
    except BadCaptions as error:
        raise invalid([FieldError("body", str(error))]) from None


def _check_label(label: str) -> None:
    if len(label) > LONGEST_LABEL or any(unicodedata.category(c) in ("Cc", "Cs") for c in label):
        raise invalid([FieldError("label", f"must have at most {LONGEST_LABEL} characters, none of them controls")])


async def _require_few(call: Call, language: str) -> None:
    """Raises a 409 problem for one language too many."""
    rows = await call.services.rows.list(CAPTIONS, limit=2 * MOST_LANGUAGES, video_id=call.video_id)
    languages = {one.language for one in captions_of(rows)}
    if language not in languages and len(languages) >= MOST_LANGUAGES:
        detail = f"The video has captions in {len(languages)} languages."
        raise Problem(409, "too-many-languages", detail, "Remove those of one that nobody reads.")
