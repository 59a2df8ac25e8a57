"""What a video is said to wait for."""

from __future__ import annotations

import msgspec

from gateway.waiting import waiting_for
from schemas import encode_reports as reports
from schemas import encodes, probe_reports, uploads, videos
from streams.event import Event

V = "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11"
STARTED = uploads.UploadStarted(
    video_id=V, owner="a", filename="f", size=9, content_type="video/mp4", kind="multipart", store_key="k", part_size=3,
    part_count=3, expires_at=1, title="t",
)  # fmt: skip
ASKED = uploads.CompletionRequested(video_id=V, parts=())
COMPLETED = uploads.UploadCompleted(
    video_id=V, owner="a", filename="f", content_type="video/mp4", store_key="k", size=9, etag="e"
)
ORDERED = probe_reports.ProbeOrdered(video_id=V, owner="a", store_key="k", size=9, etag="e", filename="f")
PROBED = videos.VideoProbed(video_id=V, store_key="k", etag="e", container="mp4", duration_ms=9, size_bytes=9)
STREAM = reports.VideoStream(
    index=0, codec="h264", width=1, height=1, display_width=1, display_height=1, rotation=0, sample_aspect_ratio="1:1",
    frame_rate=25.0, variable_frame_rate=False, pixel_format="yuv420p", bit_depth=8, interlaced=False, start_ms=0,
)  # fmt: skip
PLANNED = reports.EncodePlanned(
    video_id=V, encode_id="e", store_key="k", size=9, etag="e", duration_ms=9, video=STREAM, rungs=(), audio_stream=1,
    chunks=tuple(reports.Chunk(index=i, start_ms=0, first_number=i) for i in range(4)),
)  # fmt: skip
BEGUN = encodes.EncodeStarted(
    video_id=V, encode_id="e", rungs=(), chunks=4, audio=True, duration_ms=9, segments_planned=3
)
PUBLISHED = videos.VideoPublished(video_id=V, encode_id="e", duration_ms=9, renditions=())


def part(number: int) -> Event:
    return uploads.PartStored(video_id=V, number=number, etag="e", size=3)


def chunk(index: int) -> Event:
    return reports.ChunkEncoded(video_id=V, encode_id="e", chunk=index, segments=1, frames=1, encoder="x", elapsed_ms=1)


def test_it_names_who_has_to_act_next() -> None:
    history: list[Event] = []
    for event, words in (
        (STARTED, "the client: 0 of 3 parts"),
        (part(1), "the client: 1 of 3 parts"),
        (ASKED, "an upload worker"),
        (uploads.CompletionRefused(video_id=V, code="part_missing", reason="Part 2 is missing."), "Part 2 is missing."),
        (ASKED, "an upload worker"),
        (uploads.AssemblyFailed(video_id=V, error="store away", attempt=1), "attempt 1 failed: store away"),
        (uploads.SourceStored(video_id=V, etag="e", size=9), "settle_upload"),
        (COMPLETED, "order_probe"),
        (ORDERED, "a probing worker"),
        (probe_reports.ProbeFailed(video_id=V, error="killed", attempt=2), "attempt 2 failed: killed"),
        (probe_reports.SourceProbed(video_id=V, container="mp4", duration_ms=9, size_bytes=9), "settle_probe"),
        (PROBED, "plan_encode"),
        (PLANNED, "direct_encode"),
        (BEGUN, "4 of 4 chunks (0–3), the sound, the poster"),
        (chunk(1), "3 of 4 chunks (0, 2–3)"),
        (encodes.EncodeCompleted(video_id=V, encode_id="e", duration_ms=9, renditions=()), "publish_video"),
        (PUBLISHED, "nothing: the video is published"),
        (videos.VideoDeleted(video_id=V, owner="a"), "nothing: the video was deleted"),
    ):
        history.append(event)
        assert words in waiting_for(history), type(event).__name__


def test_an_ended_video_waits_for_nothing_and_says_why() -> None:
    rejected = videos.VideoRejected(video_id=V, code="no_video", reason="No picture in it.")
    assert waiting_for([STARTED, COMPLETED, rejected]) == "nothing: No picture in it. (no_video)"
    assert "given up" in waiting_for([STARTED, uploads.UploadAborted(video_id=V)])
    assert "in time" in waiting_for([STARTED, uploads.UploadExpired(video_id=V)])
    assert "nothing is known" in waiting_for([])


def test_an_encode_beside_a_published_video_is_told_of() -> None:
    history: list[Event] = [PUBLISHED, videos.ReencodeRequested(video_id=V)]
    assert waiting_for(history) == "nothing: the video is published"
    assert "busy now" in waiting_for([*history, videos.ReencodeRefused(video_id=V, code="busy", reason="busy now")])
    assert "under way" in waiting_for([*history, BEGUN])
    lost = encodes.EncodeFailed(video_id=V, encode_id="e", code="c", reason="too large", replaces="d")
    assert "too large" in waiting_for([*history, BEGUN, lost])
    assert waiting_for([*history, BEGUN, PUBLISHED]) == "nothing: the video is published"


def test_what_is_done_is_no_longer_waited_for() -> None:
    some = reports.AudioEncoded(video_id=V, encode_id="e", segments=())
    assert "the sound" in waiting_for([PLANNED, BEGUN, some])
    sound = reports.AudioEncoded(video_id=V, encode_id="e", segments=(), total=0)
    pictures = reports.PicturesMade(video_id=V, encode_id="e", poster_key="p", width=1, height=1, at_ms=0)
    waits = waiting_for([PLANNED, BEGUN, *map(chunk, range(3)), sound, pictures])
    assert waits == "encoding workers: 1 of 4 chunks (3)"


def test_an_encode_that_started_early_waits_for_its_client() -> None:
    early: list[Event] = [STARTED, part(1), msgspec.structs.replace(PLANNED, arriving=True), BEGUN]
    assert waiting_for(early).startswith("the client: 1 of 3 parts")
    assert waiting_for([*early, COMPLETED]).startswith("encoding workers: 4 of 4 chunks")
