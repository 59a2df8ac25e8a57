"""Files as people have them: each ends published, or rejected with a reason; none harms the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from deploy.local.configuration import Local
from tests.media_clips import Clip, make
from tests.platform_client import Platform

ENDS = ("published", "rejected", "failed")
PLAYED = {
    "silent.mp4": Clip(audio=None),
    "odd size.mp4": Clip(width=322, height=182, options={"preset": "ultrafast"}),
    "portrait, rotated.mov": Clip(container="mov", rotation=90),
    "uneven frames.mkv": Clip(container="mkv", time_of=lambda n: n / 24 + (n % 3) / 97),
    "5.1.mkv": Clip(container="mkv", audio="5.1"),
    "old.avi": Clip(container="avi", codec="mpeg4"),
    "web.webm": Clip(container="webm", codec="vp9"),
    "broadcast.ts": Clip(container="ts", codec="mpeg2", fps=Fraction(30000, 1001)),
    "disc.mpg": Clip(container="mpg", codec="mpeg2", fps=25),
    "sound only.m4a": Clip(pictures=False),
}
WHOLE = make(Clip(seconds=4))
REFUSED = {
    "noise.mp4": bytes(range(256)) * 64,
    "playlist.mp4": b"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "cut off.mp4": WHOLE[: len(WHOLE) // 3],
}
AT = WHOLE.index(b"mdat") + 6_000
DAMAGED = WHOLE[:AT] + bytes(600) + WHOLE[AT + 600 :]


@dataclass(frozen=True)
class Uploaded:
    platform: Platform
    ids: dict[str, str]


@pytest.fixture(scope="module")
def uploaded(platform: Local, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Uploaded]:
    """All of them, one after the other, before the first is waited for."""
    folder = tmp_path_factory.mktemp("inputs")
    files = {name: make(clip) for name, clip in PLAYED.items()} | REFUSED | {"damaged.mp4": DAMAGED}
    with Platform(platform.page, "inputs") as client:
        yield Uploaded(client, {name: client.upload(written(folder / name, data)) for name, data in files.items()})


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", PLAYED)
def test_a_video_is_published_whatever_it_comes_in(uploaded: Uploaded, name: str) -> None:
    video = uploaded.platform.wait(uploaded.ids[name], ENDS)
    assert (video["state"], video["reason"]) == ("published", None)
    assert video["duration_ms"] == pytest.approx(3000, abs=150)
    renditions = {rendition["name"] for rendition in video["renditions"]}
    assert ("audio" in renditions) == (PLAYED[name].audio is not None)


def test_a_rotated_video_stands_upright(uploaded: Uploaded) -> None:
    video = uploaded.platform.wait(uploaded.ids["portrait, rotated.mov"], ENDS)
    assert video["width"] < video["height"]
    assert all(r["width"] < r["height"] for r in video["renditions"] if r["name"] != "audio")


def test_a_damaged_video_is_published_with_a_warning_and_pictures(uploaded: Uploaded) -> None:
    video = uploaded.platform.wait(uploaded.ids["damaged.mp4"], ENDS)
    assert video["state"] == "published"
    assert any("damaged in" in warning for warning in video["warnings"])
    assert video["storyboard"]
    assert video["preview"]
    assert video["thumbnails"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_video_is_rejected_with_a_reason(uploaded: Uploaded, name: str) -> None:
    video = uploaded.platform.wait(uploaded.ids[name], ENDS)
    assert video["state"] == "rejected"
    assert len(video["reason"]) > 20
    assert not video["playable"]


def test_the_next_upload_works(uploaded: Uploaded, short_clip: Path) -> None:
    client = uploaded.platform
    assert client.wait(client.upload(short_clip), ENDS)["state"] == "published"
