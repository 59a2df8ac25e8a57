"""ffmpeg, which shares no code with a browser's players, decodes every rendition over its seams without a word."""

from __future__ import annotations

import subprocess

import imageio_ffmpeg
import pytest

from tests.media_encode import Encoded, renditions

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SIZES, CODECS, SOUNDS = ("108p", "216p"), ("", "-vp9", "-hevc", "-av1"), ("audio", "audio-opus")
NAMES = [*(f"{size}{codec}" for codec in CODECS for size in SIZES), *SOUNDS]


def test_these_are_all(archived: Encoded) -> None:
    assert renditions(archived.plan) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_rendition_is_decoded_without_a_warning(archived: Encoded, name: str) -> None:
    decode = [FFMPEG, "-v", "warning", "-i", "-", "-f", "null", "-"]
    ran = subprocess.run(decode, input=archived.file(name).getvalue(), capture_output=True, check=False)
    assert (ran.returncode, ran.stderr.decode()) == (0, "")


@pytest.mark.parametrize("manifest", ["master.m3u8", "manifest.mpd"])
def test_so_is_everything_that_a_manifest_lists(site: str, manifest: str) -> None:
    assert warnings(f"{site}/{manifest}") == ""


def warnings(address: str) -> str:
    """What ffmpeg says while it decodes everything that a manifest lists.

    Through a manifest, not from a file, it reads all segments but the first a frame late where offsets are negative
    (CMAF): at the end two frames may share a time, of which `vfr` takes one.
    """
    decode = [FFMPEG, "-v", "warning", "-i", address, "-map", "0", "-fps_mode", "vfr", "-f", "null", "-"]
    return subprocess.run(decode, capture_output=True, check=True).stderr.decode()
