"""What a video looks like to a client: one state and its facts, put together from the rows of the views. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from gateway.captions.shown import CHAPTERS, Caption, Chapter, caption_of, chapters_of, version_of
from gateway.ratings.scores import Score
from gateway.videos.pictures import POSTER, PREVIEW, STORYBOARD, Thumbnail, addresses_of, thumbnails_of
from processors.media.model import Text

Row = Mapping[str, Any]
VideoState = Literal["uploading", "probing", "encoding", "published", "rejected", "failed", "unpublished", "deleted"]
STATES: dict[str, VideoState] = {
    "probed": "encoding", "playable": "encoding", "published": "published",
    "rejected": "rejected", "failed": "failed", "unpublished": "unpublished",
}  # fmt: skip
EXPIRED = "expired"


class Progress(msgspec.Struct, frozen=True):
    """How far the encode is; `fraction` from 0 to 1, `rungs` highest first."""

    segments_done: int
    segments_total: int
    fraction: float
    rungs: list[str]


class Rendition(msgspec.Struct, frozen=True):
    """One encoded form; `bandwidth` is its measured peak in bit/s, `codecs` as in RFC 6381."""

    name: str
    width: int
    height: int
    codecs: str
    bandwidth: int


class Video(msgspec.Struct, frozen=True, kw_only=True):
    """A video. Times are ms since 1970 UTC; `warnings` say what was patched up in a damaged file.

    `hls` and `dash` appear as soon as it can be played.
    `storyboard` is WebVTT whose cues are parts of sheets of small pictures (`#xywh=`), for a preview while seeking;
    `preview` is an animated WebP. The poster is one of the `thumbnails`: its owner may choose another by its time.

    `captions` are in the manifests, too; `chapter_file` is WebVTT.

    `mine`: whether it is the caller's own. `rating` and `my_stars`, the caller's, are left to a call about one video.
    """

    video_id: str
    title: str
    description: str = ""
    tags: list[str] = []
    category: str | None = None
    language: str | None = None
    visibility: Literal["public", "unlisted", "private"] = "private"
    owner: str | None = None
    mine: bool = False
    state: VideoState
    reason: str | None = None
    code: str | None = None
    warnings: list[str] = []
    playable: bool = False
    duration_ms: int | None = None
    width: int | None = None
    height: int | None = None
    hls: str | None = None
    dash: str | None = None
    poster: str | None = None
    thumbnails: list[Thumbnail] = []
    storyboard: str | None = None
    preview: str | None = None
    progress: Progress | None = None
    renditions: list[Rendition] = []
    captions: list[Caption] = []
    chapters: list[Chapter] = []
    chapter_file: str | None = None
    views: int = 0
    created_at: int | None = None
    published_at: int | None = None
    rating: Score = Score()
    my_stars: int | None = None


def state_of(upload: Row | None, video: Row | None) -> tuple[VideoState, str | None, str | None]:
    """State, code and reason. Where the upload goes on or was given up, that counts; else the library's later word."""
    known = (video or {}).get("state_videos")
    if video and video.get("deleted"):
        return "deleted", None, None
    match (upload or {}).get("state"):
        case "aborted":
            return "deleted", "aborted", "The upload was given up before it was complete."
        case "expired":
            return "failed", EXPIRED, "The upload was not finished in time. Start it again."
        case "open" if known in ("probed", "playable"):
            return "uploading", None, None  # it is looked at, and may play, while it arrives
        case _ if video and known in STATES:
            return STATES[known], video.get("code") or None, video.get("reason") or None
        case "completed":
            return "probing", None, None
        case _:
            return "uploading", (upload or {}).get("code"), (upload or {}).get("reason")


def owner_of(upload: Row | None, video: Row | None) -> str | None:
    return (video or {}).get("owner") or (upload or {}).get("owner")


def visible_to_all(video: Row | None) -> bool:
    """Whether anybody with the address may see it; what has not been described yet is its owner's."""
    return (video or {}).get("visibility") in ("public", "unlisted")


def warnings_of(video: Row | None) -> list[str]:
    """What its owner may want to know of a video that was published all the same."""
    damaged = (video or {}).get("concealed") or 0
    if not damaged:
        return []
    places = "one place" if damaged == 1 else f"{damaged} places"
    return [f"The file is damaged in {places}; pictures and sound around them stand in. Upload a whole copy."]


def progress_of(encode: Row | None, renditions: list[Rendition], done: int) -> Progress | None:
    """None before an encode is planned."""
    if not encode or not encode.get("segments_planned"):
        return None
    rungs = list(encode.get("rungs") or [r.name for r in renditions])
    total = encode["segments_planned"] * (len(rungs) + bool(encode.get("audio")))
    if encode.get("state") == "completed":
        return Progress(done or total, done or total, 1.0, rungs)
    return Progress(min(done, total), total, round(min(1.0, done / total), 4), rungs)


def shown(
    video_id: str, upload: Row | None, video: Row | None, encode: Row | None, renditions: list[Rendition], done: int,
    media: str, mine: bool = False, views: int = 0, texts: Sequence[Text] = (),
) -> Video:  # fmt: skip
    """`media`: where the video's media are, with a token; `done`: how many segments are stored."""
    rows, state = video or {}, state_of(upload, video)
    open_ = state[0] not in ("deleted", "unpublished") and state[1] != EXPIRED
    length = rows.get("duration_ms")
    playable = bool(rows.get("playable")) and open_
    version = f"-{version_of(texts)}" if texts else ""
    captions = [caption_of(text, media) for text in texts] if open_ else []
    chapters = chapters_of(video) if open_ else []
    pictures = addresses_of(encode, video, media) if open_ else {}
    return Video(
        video_id=video_id, title=rows.get("title") or (upload or {}).get("filename") or "",
        description=rows.get("description") or "", tags=list(rows.get("tags") or []),
        category=rows.get("category") or None, language=rows.get("language") or None,
        visibility=rows.get("visibility") or "private",
        owner=owner_of(upload, video), mine=mine, state=state[0], code=state[1], reason=state[2], playable=playable,
        duration_ms=length or (encode or {}).get("duration_ms"), width=rows.get("width"), height=rows.get("height"),
        hls=f"{media}/master{version}.m3u8" if playable else None,
        dash=f"{media}/manifest{version}.mpd" if playable else None,
        poster=pictures.get(POSTER), storyboard=pictures.get(STORYBOARD), preview=pictures.get(PREVIEW),
        thumbnails=thumbnails_of(encode, media) if open_ else [], progress=progress_of(encode, renditions, done),
        chapters=chapters, chapter_file=f"{media}/{CHAPTERS}" if chapters else None, captions=captions,
        renditions=renditions, warnings=warnings_of(video), views=views,
        created_at=rows.get("created_at") or (upload or {}).get("created_at"),
        published_at=rows.get("published_at"),
    )  # fmt: skip
