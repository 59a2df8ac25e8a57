"""Every codec of a policy: every frame once, keys where they belong, one initialisation, a name that players know."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

import av
import pytest

from processors.media import dash, hls
from processors.media.model import Track
from tests.media_clips import Clip, make, number_of
from tests.media_encode import Encoded, encoded

FPS = Fraction(24000, 1001)
FRAMES = 168
NAMED = {
    "h264": r"avc1\.64000D",
    "hevc": r"hvc1\.1\.6\.L\d+\.90",
    "vp9": r"vp09\.00\.11\.08\.01\.06\.06\.06\.00",
    "av1": r"av01\.0\.00M\.08\.0\.110\.06\.06\.06\.0",
}


@pytest.fixture(scope="module")
def archived() -> Encoded:
    """Seven seconds with B frames under the policy that makes all codecs, cut at 6 s."""
    return encoded(make(Clip(seconds=float(FRAMES / FPS), fps=FPS, audio=None)), cuts_ms=[6000], policy="archive")


def tracks(archived: Encoded) -> list[Track]:
    return archived.plan.tracks


def test_all_codecs_are_made(archived: Encoded):
    assert [track.name for track in tracks(archived)] == ["180p", "180p-vp9", "180p-hevc", "180p-av1"]
    assert [track.later for track in tracks(archived)] == [False, True, True, True]


@pytest.mark.parametrize("name", ["180p", "180p-vp9", "180p-hevc", "180p-av1"])
def test_every_frame_comes_out_once_and_keys_are_where_they_were_forced(archived: Encoded, name: str):
    with av.open(archived.file(name), "r") as container:
        keys = [packet.pts or 0 for packet in container.demux(video=0) if packet.is_keyframe]
    frames = archived.frames(name)

    assert [number_of(frame) for _, frame in frames] == list(range(FRAMES))
    assert all(abs(at - n / FPS) < 1e-6 for n, (at, _) in enumerate(frames))
    run = archived.of(name)
    assert [key.start for segment in run for key in segment.keyframes] == [key - keys[0] for key in keys]
    assert [round(key.start / s.timescale, 1) for s in run for key in s.keyframes] == [0, 2, 4, 6]
    assert all(a.start + a.duration == b.start for a, b in pairwise(run))


def test_chunks_of_a_rendition_share_one_initialisation(archived: Encoded):
    for track in tracks(archived):
        assert len({segment.init_key for segment in archived.of(track.name)}) == 1


def test_a_codec_is_named_as_players_ask_for_it(archived: Encoded):
    for track in tracks(archived):
        assert re.fullmatch(NAMED[track.codec], archived.of(track.name)[0].codecs)


def test_what_is_complete_is_listed_vp9_in_dash_only(archived: Encoded):
    listed = re.findall(r"^([\w-]+)\.m3u8", hls.master(archived.presentation()), re.MULTILINE)
    assert listed == ["180p", "180p-hevc", "180p-av1"]
    assert dash.manifest(archived.presentation(), 0).count("<AdaptationSet") == 4


def test_a_growing_video_is_h264(archived: Encoded):
    growing = archived.presentation(complete=False)
    assert re.findall(r"^([\w-]+)\.m3u8", hls.master(growing), re.MULTILINE) == ["180p"]
    assert dash.manifest(growing, 0).count("<AdaptationSet") == 1
