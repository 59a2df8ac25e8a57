"""How each video stands, from the events of `videos`, and which are chosen to be encoded once more. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from processors.media.policies import POLICIES, USUAL, policy_named
from processors.media.tracks import FIRST_CODEC
from schemas.videos import VideoDeleted, VideoFailed, VideoProbed, VideoPublished, VideoRejected
from streams.event import Event


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A video's source was probed; what was made of it, by which policy and version of the encoder, and when (ms)."""

    state: Literal["encoding", "published", "failed"] = "encoding"
    encoding: str
    codecs: tuple[str, ...]
    encoder_version: int = 1
    published_at: int = 0


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Which are meant: those of a policy, of a codec, of an older encoder. All that is given must hold."""

    policy: str | None = None
    codec: str | None = None
    older_than: int | None = None

    def holds(self, of: Standing) -> bool:
        return (
            of.state == "published"
            and self.policy in (None, of.encoding)
            and (self.codec is None or self.codec in of.codecs)
            and (self.older_than is None or of.encoder_version < self.older_than)
        )


def noted(standings: dict[str, Standing], event: Event, clock: int) -> None:
    """Note what an event, logged at `clock`, says of its video; the deleted and the unplayable are left out."""
    match event:
        case VideoProbed():
            standings[event.video_id] = Standing(encoding=event.encoding, codecs=codecs_of(event.encoding))
        case VideoPublished():
            before = standings.get(event.video_id)
            encoding = event.encoding or (before.encoding if before else USUAL)
            standings[event.video_id] = Standing(
                state="published",
                encoding=encoding,
                codecs=event.codecs or codecs_of(encoding),
                encoder_version=event.encoder_version,
                published_at=clock,
            )
        case VideoFailed() if event.video_id in standings:
            standings[event.video_id] = msgspec.structs.replace(standings[event.video_id], state="failed")
        case VideoDeleted() | VideoRejected():
            standings.pop(event.video_id, None)
        case _:
            pass


def codecs_of(encoding: str) -> tuple[str, ...]:
    """What a policy makes: events of older encodes do not say it."""
    return (FIRST_CODEC, *(codec for codec, _ in POLICIES[policy_named(encoding) or USUAL].later))


def chosen(standings: Mapping[str, Standing], wish: Wish, named: Collection[str] = ()) -> list[str]:
    """The videos that are meant, of those named if any are.

    Raises LookupError for a named one that is unknown, or whose first encode is still under way.
    """
    for video_id in named:
        if video_id not in standings:
            raise LookupError(f"{video_id} is no video that could be encoded: unknown, deleted, or never playable")
        if standings[video_id].state == "encoding":
            raise LookupError(f"{video_id} is still being encoded for the first time: ask again when that has ended")
    if named and wish == Wish():
        return list(dict.fromkeys(named))  # also those whose encode has failed
    return [video_id for video_id, of in standings.items() if wish.holds(of) and (not named or video_id in named)]
