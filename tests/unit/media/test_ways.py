"""In which order a chunk is tried, by what a machine has."""

from __future__ import annotations

import pytest

from processors.media.encoders import Encoders
from processors.media.model import Way
from processors.media.video_codecs import FORMS

NONE = "no GPU: there is no /dev/nvidia*"
NOTHING = {"h264_nvenc": NONE, "hevc_nvenc": NONE, "av1_nvenc": NONE, "cuda": NONE}
PLAIN = Way(encoder="libx264-plain")


def test_without_a_gpu_software_encodes_and_its_plain_code_after_it():
    assert Encoders(NOTHING).ways("h264") == [Way(encoder="libx264"), PLAIN]
    assert Encoders({}).ways("av1") == [Way(encoder="libsvtav1"), Way(encoder="libsvtav1-plain")]


def test_a_gpu_goes_first_and_software_stays_behind_it():
    encoders = Encoders(dict.fromkeys(NOTHING, ""))

    assert encoders.ways("h264") == [Way(encoder="h264_nvenc", decoder="cuda"), Way(encoder="libx264"), PLAIN]
    assert encoders.ways("hevc")[0] == Way(encoder="hevc_nvenc", decoder="cuda")


def test_a_gpu_that_only_decodes_decodes_for_software():
    encoders = Encoders({**NOTHING, "cuda": ""})

    assert encoders.ways("h264") == [Way(encoder="libx264", decoder="cuda"), Way(encoder="libx264"), PLAIN]
    assert encoders.ways("vp9")[0] == Way(encoder="libvpx-vp9", decoder="cuda")


def test_a_gpu_too_old_for_a_codec_is_used_for_the_others():
    encoders = Encoders({**dict.fromkeys(NOTHING, ""), "av1_nvenc": "180p: NotImplementedError()", "cuda": NONE})

    assert encoders.ways("hevc")[0] == Way(encoder="hevc_nvenc")
    assert encoders.ways("av1")[0] == Way(encoder="libsvtav1")


@pytest.mark.parametrize("codec", FORMS)
@pytest.mark.parametrize("refused", [NOTHING, dict.fromkeys(NOTHING, "")])
def test_what_comes_last_needs_no_device(codec: str, refused: dict[str, str]):
    first, *rest = Encoders(refused).ways(codec)

    assert [way for way in rest if way.device] == []
    assert rest != [] or not first.device


def test_the_order_is_told():
    assert (
        Encoders({**NOTHING, "h264_nvenc": ""})
        .told()
        .startswith("h264 by h264_nvenc, then libx264, then libx264-plain; hevc by libx265, then")
    )
