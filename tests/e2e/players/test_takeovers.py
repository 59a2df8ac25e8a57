"""A rendition whose middle another encoder made, with other parameter sets: every player goes on as if it were one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from processors.media import video_codecs
from processors.media.fragments import length_prefixed
from processors.media.model import Rung, Way
from processors.media.plan import plan
from processors.media.video_codecs import FORMS, Form
from tests.e2e.players.conftest import halved, served
from tests.e2e.players.test_decoders import FFMPEG
from tests.e2e.players.test_players import FRAMES, LIMIT
from tests.media_clips import Clip, make
from tests.media_encode import Encoded, encoded, probed

MIDDLE = 1  # the chunk from 4 to 6 s
PLAYERS = {"hls": "master.m3u8", "dash": "manifest.mpd", "shaka": "manifest.mpd"}
STAYS = {"dash": "1"}  # told to switch at a period's last segment, it waits for the end before it loads the next period


def baseline(rung: Rung) -> dict[str, str]:
    """H.264 in another profile, without B frames, with other reference frames and entropy coding."""
    return {**FORMS["h264"].options(rung), "profile": "baseline", "refs": "4"}


@pytest.fixture(scope="module")
def taken_over() -> Iterator[Encoded]:
    """Eight seconds in two sizes; what stands in for a GPU's encoder made the middle chunk."""
    data = make(Clip(width=384, height=216, seconds=8))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(video_codecs.HARDWARE, "h264", ("another", Form("libx264", baseline, length_prefixed)))
        planned = halved(plan(probed(data)))
        yield encoded(data, cuts_ms=[4000, 6000], planned=planned, ways={MIDDLE: Way(encoder="another")})


@pytest.fixture(scope="module")
def pages(
    browser: Browser, taken_over: Encoded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, Page]]]:
    """The site, and all players at once: each takes as long as the video."""
    with served(taken_over, tmp_path_factory.mktemp("taken-over")) as site:
        context, pages = browser.new_context(), dict[str, Page]()
        for player, manifest in PLAYERS.items():
            asked = {"player": player, "manifest": manifest, "pictures": "avc1", "sound": "mp4a"}
            asked["stay"] = STAYS.get(player, "")
            pages[player] = page = context.new_page()
            page.goto(f"{site}/page.html?{urlencode(asked)}")
        yield site, pages
        context.close()


def test_the_middle_is_another_encoders(taken_over: Encoded) -> None:
    run = taken_over.of("216p")
    assert [segment.codecs[:9] for segment in run] == ["avc1.6400", "avc1.6400", "avc1.42C0", "avc1.6400"]
    assert (run[0].init_key, run[1].init_key) == (run[3].init_key, run[0].init_key) != (run[2].init_key,) * 2


@pytest.mark.parametrize("player", PLAYERS)
def test_it_plays_on_from_encoder_to_encoder(pages: tuple[str, dict[str, Page]], player: str) -> None:
    page = pages[1][player]
    page.wait_for_function("video.ended || failed.length", timeout=LIMIT)
    assert page.evaluate("[failed, stalled]") == [[], []]
    assert page.evaluate("[video.buffered.length, Math.round(video.buffered.end(0))]") == [1, 8]
    shown, dropped = page.evaluate(
        "(({totalVideoFrames, droppedVideoFrames}) => [totalVideoFrames, droppedVideoFrames])"
        "(video.getVideoPlaybackQuality())"
    )
    assert shown + dropped >= FRAMES - 2


def test_ffmpeg_decodes_each_encoders_part_without_a_warning(taken_over: Encoded) -> None:
    """Part by part: its own reader of HLS keeps the first initialisation segment of a playlist."""
    frames = 0
    for init, part in groupby(taken_over.of("216p"), key=lambda segment: segment.init_key):
        data = b"".join(taken_over.objects[key] for key in (init, *(segment.key for segment in part)))
        decode = [FFMPEG, "-v", "warning", "-i", "-", "-f", "framemd5", "-"]
        ran = subprocess.run(decode, input=data, capture_output=True, check=False)
        assert (ran.returncode, ran.stderr.decode()) == (0, "")
        frames += sum(not line.startswith(b"#") for line in ran.stdout.splitlines())
    assert frames == FRAMES
