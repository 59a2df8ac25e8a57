"""HDR10 and HLG: kept in H.265 of ten bits, with what the source says of its light, over chunk seams; SDR beside it."""

from __future__ import annotations

import io
import re
import struct

import pytest
from av.video.frame import VideoFrame

from processors.media.jobs import LadderJob
from processors.media.mastering import Mastering, mastering_of
from processors.media.measure import measure_ladder
from tests.media_clips import Clip, make
from tests.media_encode import Encoded, encoded

DISPLAY = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
TOLD = {"x265-params": f"log-level=none:master-display={DISPLAY}:max-cll=1000,400"}
GREEN = struct.pack(">HH", 13250, 34500)  # as the display's SEI message begins (H.265, D.2.28)
KEPT = "180p-hevc-pq"


@pytest.fixture(scope="module")
def hdr10() -> Encoded:
    """Seven seconds of PQ under the policy that makes all codecs, cut at 6 s."""
    clip = Clip(codec="hevc", pixel_format="yuv420p10le", transfer=16, options=TOLD, seconds=7, fps=8, audio=None)
    return encoded(make(clip), cuts_ms=[6000], policy="archive")


def luma(frame: VideoFrame, x: int, y: int) -> int:
    """Of a pixel, in ten bits."""
    plane = frame.planes[0]
    return int.from_bytes(bytes(plane)[y * plane.line_size + 2 * x :][:2], "little")


def test_hdr10_is_kept_and_all_else_is_sdr(hdr10: Encoded):
    """Apple HLS authoring 1.24."""
    for track in hdr10.plan.tracks:
        frame = hdr10.frames(track.name)[0][1]
        shown = (frame.format.name, frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range)
        assert shown == (("yuv420p10le", 9, 16, 9, 1) if track.name == KEPT else ("yuv420p", 1, 1, 1, 1))


def test_the_light_is_the_sources_on_both_sides_of_a_seam(hdr10: Encoded):
    frames = dict(hdr10.frames(KEPT))
    assert len(frames) == 56
    for number in (40, 48):  # at 5 s and 6 s: a flash, and above it a ramp
        frame = frames[number / 8]
        assert luma(frame, 160, 162) == pytest.approx(940, abs=8)
        ramp = [4 * (16 + (3 * x + 5 * number) % 200) for x in (90, 100, 110)]
        assert [luma(frame, x, 90) for x in (90, 100, 110)] == pytest.approx(ramp, abs=16)


def test_the_display_and_the_brightest_light_are_told_once_in_the_configuration(hdr10: Encoded):
    """Apple HLS authoring 1.8: in `hvcC`, not among the samples."""
    assert mastering_of(hdr10.file(KEPT)) == Mastering(DISPLAY, "1000,400")
    [init] = {segment.init_key for segment in hdr10.of(KEPT)}
    assert GREEN in hdr10.objects[init]
    assert not any(GREEN in hdr10.objects[segment.key] for segment in hdr10.of(KEPT))


def test_the_codec_is_main_10(hdr10: Encoded):
    """Apple HLS authoring 1.6, 1.10."""
    assert re.fullmatch(r"hvc1\.2\.4\.L\d+\.90", hdr10.of(KEPT)[0].codecs)


def test_hlg_is_kept_and_claims_no_display():
    clip = Clip(codec="hevc", pixel_format="yuv420p10le", transfer=18, seconds=0.5, audio=None)
    made = encoded(make(clip), policy="archive")

    frame = made.frames("180p-hevc-hlg")[0][1]
    assert (frame.format.name, frame.color_primaries, frame.color_trc, frame.colorspace) == ("yuv420p10le", 9, 18, 9)
    assert mastering_of(made.file("180p-hevc-hlg")) == Mastering()


def test_sdr_tells_nothing():
    assert mastering_of(io.BytesIO(make(Clip(seconds=0.2, audio=None)))) == Mastering()


def test_what_a_rung_brings_is_measured_against_the_source_in_hdr(hdr10: Encoded):
    assert hdr10.probe.video is not None
    clip = Clip(codec="hevc", pixel_format="yuv420p10le", transfer=16, seconds=2, fps=8, audio=None)
    rungs = [rung for rung in hdr10.plan.rungs if rung.codec == "hevc-pq"]
    job = LadderJob(video_id="v", video=hdr10.probe.video, duration_ms=2000, rungs=rungs)
    [made] = measure_ladder(io.BytesIO(make(clip)), job)
    assert [measure.psnr > 35 for measure in made.measured] == [True]
