"""A film with two sounds, captions and chapters: made, listed, and chosen in the player."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from playwright.sync_api import expect

from deploy.local.configuration import Local
from tests.e2e.web.site import MINUTE, Site, Visit
from tests.media_clips import Clip, make
from tests.platform_client import Platform

SRT = "1\n00:00:00,000 --> 00:00:08,000\nGrüße <i>an alle</i>\n"
CHAPTERS = (
    ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=7000\ntitle=Dawn & <b>\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=7000\nEND=8000\ntitle=Dusk\n"
)

SAID = "[...t.activeCues ?? []].some(c => /an alle/.test(c.text))"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """5.1 sound in English, stereo in French, German text, two chapters."""
    folder = tmp_path_factory.mktemp("film")
    (folder / "english.mkv").write_bytes(make(Clip(container="mkv", seconds=8, audio="5.1")))
    (folder / "french.mkv").write_bytes(make(Clip(container="mkv", seconds=8, pictures=False)))
    (folder / "german.srt").write_text(SRT)
    (folder / "chapters.txt").write_text(CHAPTERS)
    named = [f"-metadata:s:{kind}" for kind in ("a:0", "a:1", "s:0")]
    said = [part for pair in zip(named, ("language=eng", "language=fre", "language=ger"), strict=True) for part in pair]
    sources = [part for name in ("english.mkv", "french.mkv", "german.srt", "chapters.txt") for part in ("-i", name)]
    maps = ["-map", "0", "-map", "1:a", "-map", "2", "-map_metadata", "3", "-c", "copy", *said]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *sources, *maps, "film.mkv"]
    subprocess.run(command, cwd=folder, check=True, timeout=60)
    return folder / "film.mkv"


def until(platform: Platform, video_id: str, so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The video, once `so`."""
    limit = time.monotonic() + 240
    while not so(video := platform.video(video_id)):
        assert time.monotonic() < limit, video
        time.sleep(0.3)
    return video


def listed(platform: Platform, address: str, wanted: str) -> str:
    """The manifest, once it names something."""
    limit = time.monotonic() + 120
    while wanted not in (text := platform.http.get(address).text):
        assert time.monotonic() < limit, text
        time.sleep(0.3)
    return text


def names(video: dict[str, Any]) -> set[str]:
    return {rendition["name"] for rendition in video["renditions"]}


def test_every_sound_and_text_of_a_film_can_be_chosen(platform: Local, visit: Visit, film: Path) -> None:
    with Platform(platform.page, "languages") as owner:
        video_id = owner.upload(film, "video/x-matroska")
        owner.wait(video_id, ["published"])
        english = SRT.replace("Grüße <i>an alle</i>", "Hello").encode()
        place = f"/v1/videos/{video_id}/captions/en"
        owner.http.put(place, content=english, headers={"Content-Type": "application/x-subrip"}).raise_for_status()
        sounds = {"audio", "audio-5.1", "audio-opus", "audio-1", "audio-1-opus"}
        video = until(owner, video_id, lambda video: sounds <= names(video) and len(video["captions"]) == 2)
        origins = [(caption["language"], caption["origin"]) for caption in video["captions"]]
        assert origins == [("de", "embedded"), ("en", "uploaded")]
        assert [chapter["title"] for chapter in video["chapters"]] == ["Dawn & <b>", "Dusk"]
        master = listed(owner, video["hls"], "text-en.m3u8")
        assert 'GROUP-ID="audio",NAME="fr",LANGUAGE="fr"' in master
        assert 'CHANNELS="6",URI="audio-5.1.m3u8"' in master
        assert 'codecs="opus"' in owner.http.get(video["dash"]).text
        site = visit()
        site.watch(video_id)
        for engine in ("hls", "dash"):
            site.page.get_by_test_id("engine").select_option(engine)
            languages_are_chosen(site)
        site.until("[...v.textTracks].some(t => t.kind === 'chapters')")


def languages_are_chosen(site: Site) -> None:
    """At the second second, in pause: captions are shown, the sound changes, the chapter is named."""
    _choose(site, "captions", "German")
    site.until("v.readyState >= 2")
    site.of_video("void (v.pause(), v.currentTime = 1)")
    site.until(f"[...v.textTracks].some(t => t.mode === 'showing' && {SAID})")
    _choose(site, "sounds", "French")
    site.until("!v.seeking && v.readyState >= 3")
    expect(site.page.get_by_test_id("sounds").get_by_role("button")).to_have_accessible_name("Sound: FR")
    expect(site.page.get_by_test_id("chapter")).to_have_text("Dawn & <b>")


def test_sound_alone_plays_on_its_page(platform: Local, visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "sound.m4a"
    file.write_bytes(make(Clip(pictures=False, seconds=4)))
    with Platform(platform.page, "languages") as owner:
        video_id = owner.upload(file, "audio/mp4")
        video = owner.wait(video_id, ["published", "rejected", "failed"])
        assert (video["state"], video["poster"]) == ("published", None)
    site = visit()
    site.open(f"/watch/{video_id}")
    site.until("v.readyState >= 2 && v.duration > 3.5")
    site.of_video("void v.play()")
    site.until("v.currentTime > 0.5")


def _choose(site: Site, menu: str, name: str) -> None:
    site.page.get_by_test_id(menu).get_by_role("button").click(timeout=MINUTE)
    site.page.get_by_role("menuitemradio", name=name).first.click()
