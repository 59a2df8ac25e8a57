"""Which videos are chosen to be encoded once more, and what is given up of those that nobody plays."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from deploy.encodes.commands import cli
from processors.encoding.reencoding import Standing, Wish, chosen, noted
from processors.encoding.unplayed import expendable
from processors.media.encoder_version import ENCODER_VERSION
from processors.media.model import Track
from processors.media.tracks import SOUND
from schemas.videos import VideoDeleted, VideoFailed, VideoProbed, VideoPublished
from streams.event import Event


def probed(video: str, encoding: str = "fast") -> Event:
    return VideoProbed(
        video_id=video, store_key="k", etag="e", container="mp4", duration_ms=9, size_bytes=9, encoding=encoding
    )


def published(video: str, encoding: str = "", codecs: tuple[str, ...] = (), version: int = 1) -> Event:
    return VideoPublished(
        video_id=video, encode_id="e", duration_ms=9, renditions=(), encoding=encoding, codecs=codecs,
        encoder_version=version,
    )  # fmt: skip


def standings(*events: Event) -> dict[str, Standing]:
    found = dict[str, Standing]()
    for clock, event in enumerate(events):
        noted(found, event, clock)
    return found


LIBRARY = standings(
    probed("old"), published("old"),
    probed("older", "balanced"), published("older"),
    probed("new", "fast"), published("new", "archive", ("h264", "av1"), 2),
    probed("growing"), probed("broken"), VideoFailed(video_id="broken", code="c", reason="r"),
    probed("gone"), published("gone"), VideoDeleted(video_id="gone", owner="a"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "videos"),
    [
        (Wish(policy="fast"), ["old"]),
        (Wish(policy="archive"), ["new"]),
        (Wish(codec="vp9"), ["older"]),
        (Wish(codec="av1"), ["new"]),
        (Wish(older_than=2), ["old", "older"]),
        (Wish(older_than=2, codec="h264", policy="balanced"), ["older"]),
    ],
)
def test_videos_are_chosen_by_what_is_played_of_them(wish: Wish, videos: list[str]) -> None:
    assert chosen(LIBRARY, wish) == videos


def test_named_videos_are_chosen_also_where_their_encode_failed() -> None:
    assert chosen(LIBRARY, Wish(), ["broken", "old"]) == ["broken", "old"]
    assert chosen(LIBRARY, Wish(policy="fast"), ["broken", "old"]) == ["old"]


@pytest.mark.parametrize(("video", "why"), [("gone", "deleted"), ("nobody", "unknown"), ("growing", "still")])
def test_what_can_not_be_encoded_is_refused(video: str, why: str) -> None:
    with pytest.raises(LookupError, match=why):
        chosen(LIBRARY, Wish(), [video])


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["reencode"], "say which"),
        (["reencode", "--older-than-encoder", str(ENCODER_VERSION + 1)], "not in the range"),
        (["reencode", "--policy", "splendid"], "'fast', 'balanced', 'archive'"),
        (["renditions", "drop"], "--unplayed-for"),
    ],
)
def test_a_command_that_says_too_little_or_nonsense_is_refused(arguments: list[str], why: str) -> None:
    ran = CliRunner().invoke(cli, arguments)
    assert (ran.exit_code, why in ran.output) == (2, True), ran.output


def track(height: int, codec: str) -> Track:
    return Track(name=f"{height}p-{codec}", kind="video", codec=codec, height=height)


def test_what_everybody_can_play_is_kept() -> None:
    opus = Track(name="audio-opus", kind="audio", codec="opus")
    tracks = [track(360, "h264"), track(540, "h264"), track(720, "h264"), track(360, "av1"), SOUND, opus]
    assert expendable(tracks) == ["720p-h264", "360p-av1", "audio-opus"]
    assert expendable([track(720, "h264"), SOUND]) == []
