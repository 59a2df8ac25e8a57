"""What the log names stays in the store; what nothing names is an orphan, once it is old enough."""

from __future__ import annotations

import pytest

from processors.storage.named import IN_FLIGHT, LATE_PARTS, YOUNG, Named
from schemas import encodes, uploads, videos
from schemas.encode_reports import CancelRequested
from streams.event import Event, days, natural_id

VIDEO, OTHER = "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11", "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e22"
ENCODE = natural_id("encode")
NOW = days(100)
OLD = NOW - YOUNG - 1
SOURCE = f"sources/{VIDEO}"


def segment_key(name: str, rendition: str = "360p") -> str:
    return f"segments/{VIDEO}/{rendition}/{name}.m4s"


def started(**more: object) -> uploads.UploadStarted:
    fields = {
        "video_id": VIDEO, "owner": "acct-1", "filename": "a.mp4", "size": 9, "content_type": "video/mp4",
        "kind": "put", "store_key": SOURCE, "part_size": 9, "part_count": 1, "expires_at": 0, "title": "A",
    }  # fmt: skip
    return uploads.UploadStarted(**{**fields, **more})  # pyright: ignore[reportArgumentType]


def stored(name: str, rendition: str = "360p", encode_id: str = ENCODE) -> encodes.SegmentStored:
    return encodes.SegmentStored(
        video_id=VIDEO, encode_id=encode_id, rendition=rendition, number=0, key=segment_key(name, rendition),
        init_key=segment_key("init", rendition), codecs="avc1", bytes=1, start=0, duration=1, timescale=1,
    )  # fmt: skip


def captioned(text: str) -> videos.CaptionAdded:
    key = f"segments/{VIDEO}/text-de/{text}.vtt"
    return videos.CaptionAdded(video_id=VIDEO, language="de", origin="uploaded", label="", key=key, bytes=8, cues=1)


def log(*events: Event, clock: int = 0) -> Named:
    named = Named()
    for event in (started(), *events):
        named.take(event, clock)
    return named


def orphaned(named: Named, *keys: str) -> list[str | None]:
    return [named.orphaned(key, OLD, NOW) for key in keys]


def test_what_accepted_facts_name_stays_and_all_else_goes() -> None:
    made = encodes.ThumbnailsMade(
        video_id=VIDEO, encode_id=ENCODE, poster_key=f"pictures/{VIDEO}/p.jpg", width=1, height=1,
        thumbnails=(encodes.Thumbnail(key=f"pictures/{VIDEO}/t.jpg", width=1, height=1, at_ms=0),),
        sheets=(f"pictures/{VIDEO}/s.webp",), storyboard_key=f"pictures/{VIDEO}/s.vtt",
    )  # fmt: skip
    named = log(stored("a"), captioned("de"), made)
    wanted = [SOURCE, segment_key("a"), segment_key("init"), f"segments/{VIDEO}/text-de/de.vtt"]
    wanted += [f"pictures/{VIDEO}/{name}" for name in ("p.jpg", "t.jpg", "s.webp", "s.vtt")]
    assert orphaned(named, *wanted) == [None] * len(wanted)
    gone = [segment_key("b"), segment_key("a", "720p"), f"pictures/{VIDEO}/q.jpg"]
    assert orphaned(named, *gone) == ["named by nothing"] * 3
    assert orphaned(named, f"sources/{OTHER}", f"segments/{OTHER}/360p/a.m4s") == ["unknown video"] * 2


def test_what_is_younger_than_a_day_stays_and_so_does_what_is_no_videos() -> None:
    named = log()
    assert named.orphaned(segment_key("a"), NOW - YOUNG + 1, NOW) is None
    assert orphaned(named, "somebody/elses", f".mpus-1-{SOURCE}-1") == [None, None]


def test_an_encode_that_was_reported_on_this_week_is_left_alone() -> None:
    report = CancelRequested(video_id=VIDEO)
    assert orphaned(log(report, clock=NOW - IN_FLIGHT + 1), segment_key("a")) == [None]
    assert orphaned(log(report, clock=NOW - IN_FLIGHT), segment_key("a")) == ["named by nothing"]


def test_captions_that_were_replaced_or_removed_go() -> None:
    first, second = f"segments/{VIDEO}/text-de/1.vtt", f"segments/{VIDEO}/text-de/2.vtt"
    assert orphaned(log(captioned("1"), captioned("2")), first, second) == ["named by nothing", None]
    removed = videos.CaptionRemoved(video_id=VIDEO, language="de")
    assert orphaned(log(captioned("1"), removed), first) == ["named by nothing"]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (uploads.UploadAborted(video_id=VIDEO), "upload given up"),
        (uploads.UploadExpired(video_id=VIDEO), "upload given up"),
        (videos.VideoDeleted(video_id=VIDEO, owner="acct-1"), "deleted video"),
    ],
)
def test_a_source_goes_with_its_upload_or_video(end: Event, reason: str) -> None:
    assert orphaned(log(end), SOURCE) == [reason]


def test_parts_go_once_their_source_is_whole() -> None:
    part = f"{SOURCE}.parts/00001"
    done = uploads.UploadCompleted(
        video_id=VIDEO, owner="acct-1", filename="a.mp4", content_type="video/mp4", store_key=SOURCE, size=9, etag="e"
    )
    assert orphaned(log(), SOURCE, part) == [None, None]
    assert orphaned(log(done), SOURCE, part) == [None, "named by nothing"]


def test_what_nobody_plays_goes_but_for_what_another_encode_names_too() -> None:
    again = natural_id("again")
    facts = (stored("a"), stored("b"), stored("c", "720p"), stored("b", encode_id=again))
    all_of_it = encodes.SegmentsDiscarded(video_id=VIDEO, encode_id=ENCODE)
    keys = (segment_key("a"), segment_key("b"), segment_key("c", "720p"))
    assert orphaned(log(*facts, all_of_it), *keys) == ["named by nothing", None, "named by nothing"]
    of_one = encodes.SegmentsDiscarded(video_id=VIDEO, encode_id=ENCODE, renditions=("720p",))
    assert orphaned(log(*facts, of_one), *keys) == [None, None, "named by nothing"]
    assert orphaned(log(*facts, of_one, stored("c", "720p")), *keys) == [None, None, None]


def test_parts_that_nobody_will_finish_go_an_hour_after_their_upload_has_expired() -> None:
    named = log(started(store_upload_id="u1", expires_at=NOW - LATE_PARTS))
    assert not named.abandoned("u1", OLD, NOW)
    assert named.abandoned("u1", OLD, NOW + 1)
    assert named.abandoned("never announced", OLD, NOW)
    assert not named.abandoned("never announced", NOW - YOUNG, NOW)


def test_of_a_video_with_a_record_that_can_not_be_read_all_stays() -> None:
    named = Named()
    named.spare(VIDEO)
    assert orphaned(named, SOURCE, segment_key("a")) == [None, None]
    assert orphaned(named, f"sources/{OTHER}") == ["unknown video"]
