"""What warming follows from: one task an encode, every file that manifests name, nothing else."""

from __future__ import annotations

import pytest

from processors.delivery.links import named, whole
from processors.delivery.order_warming import order_warming
from processors.media import dash, hls
from processors.media.model import Keyframe, Segment
from processors.media.presentation import Presentation
from processors.media.tracks import implied
from schemas.edge_tasks import WarmRequested
from schemas.videos import VideoPublished
from streams.harness import Topology

VIDEO = "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11"


def published(encode_id: str) -> VideoPublished:
    return VideoPublished(video_id=VIDEO, encode_id=encode_id, duration_ms=4000, renditions=("360p",))


def segment(number: int) -> Segment:
    key = f"segments/{VIDEO}/360p/{number:032x}.m4s"
    return Segment(
        rendition="360p", number=number, key=key, init_key=f"segments/{VIDEO}/360p/{'f' * 32}.mp4",
        codecs="avc1.64001e", bytes=1000, start=number * 2000, duration=2000, timescale=1000, width=640, height=360,
        frame_rate=25.0, keyframes=[Keyframe(start=number * 2000, duration=2000, offset=8, size=50)],
    )  # fmt: skip


def presentation(complete: bool) -> Presentation:
    stored = [segment(0), segment(1)]
    return Presentation(tracks=implied(["360p"], audio=False), segments=stored, complete=complete, duration_ms=4000)


FILES = [f"360p/{'f' * 32}.mp4", f"360p/{0:032x}.m4s", f"360p/{1:032x}.m4s"]


def test_an_encode_is_one_task_however_often_it_is_published() -> None:
    topology = Topology([order_warming], clock=0)
    for encode in ("a", "a", "b"):
        topology.post(published(encode))
    tasks = [task for task in topology.log("edge-tasks") if isinstance(task, WarmRequested)]
    assert [task.video_id for task in tasks] == [VIDEO] * 3
    assert len({task.task_id for task in tasks}) == 2


@pytest.mark.parametrize("complete", [True, False])
def test_manifests_name_their_files_and_say_whether_they_are_whole(complete: bool) -> None:
    made = presentation(complete)
    playlist, mpd = hls.media(made, "360p"), dash.manifest(made, 0)
    assert named(hls.master(made)) == ["360p.m3u8", "360p.iframes.m3u8"]
    assert named(playlist) == named(mpd) == named(hls.i_frames(made, "360p")) == FILES
    assert (whole(playlist), whole(mpd), whole(hls.i_frames(made, "360p"))) == (complete, complete, complete)
    assert whole(hls.master(made))


FOREIGN = ["https://elsewhere/x", "/etc/passwd", "../other/master.m3u8", "a/b/c.m4s", "..", "a/.."]


@pytest.mark.parametrize("link", FOREIGN)
def test_a_link_that_leads_out_of_its_video_is_not_followed(link: str) -> None:
    with pytest.raises(ValueError, match="no address inside"):
        named(f"#EXTM3U\n#EXTINF:2,\n{link}\n")
