"""From stored segments to manifests: nothing early, nothing twice, nothing of another encode."""

from __future__ import annotations

import gzip
from typing import Any

from gateway.media.caching import GROWING, WHOLE
from gateway.media.listing import Listing, segment
from gateway.media.listing import listing as of_segments
from gateway.media.manifests import Manifests

NOW = 1_800_000_000.0


def row(rendition: str, number: int, encode: str = "e1", **more: Any) -> dict[str, Any]:
    picture = {"width": 640, "height": 360, "frame_rate": 25.0, "codecs": "avc1.64001e"} if rendition != "audio" else {}
    name = f"{number:032x}"
    folder = f"segments/v/{rendition}"
    return {
        "rendition": rendition, "number": number, "encode_id": encode, "object_key": f"{folder}/{name}.m4s",
        "init_key": f"{folder}/{'0' * 32}.mp4", "codecs": "mp4a.40.2", "bytes": 1000,
        "start": number * 2000, "duration": 2000, "timescale": 1000,
        "keyframes": '[{"start":0,"duration":2000,"offset":10,"size":100}]' if picture else "[]", **picture, **more,
    }  # fmt: skip


def encode(**more: Any) -> dict[str, Any]:
    return {"encode_id": "e1", "state": "running", "rungs": ["360p"], "audio": True, "duration_ms": 6000,
            "started_at": 1_700_000_000_000, "poster_key": None, **more}  # fmt: skip


def listing(encode: dict[str, Any], video: None, stored: list[dict[str, Any]], now: float) -> Listing:
    return of_segments(encode, video, [segment(row) for row in stored], now)


def rows(count: int) -> list[dict[str, Any]]:
    return [row(name, number) for name in ("360p", "audio") for number in range(count)]


def test_nothing_plays_until_every_rendition_has_its_first_segment() -> None:
    found = listing(encode(), None, [row("360p", 0)], NOW)
    assert not found.playable
    assert Manifests().rendered("v", "master.m3u8", found) is None
    assert found.renditions == []


def test_a_growing_video_lists_what_is_stored_without_gaps() -> None:
    found = listing(encode(), None, [*rows(1), row("360p", 2), row("audio", 1)], NOW)
    manifest = Manifests().rendered("v", "360p.m3u8", found)
    assert manifest is not None
    assert manifest.plain.count(b"#EXTINF") == 1
    assert b"EVENT" in manifest.plain
    assert b"ENDLIST" not in manifest.plain
    assert manifest.caching == GROWING
    assert gzip.decompress(manifest.zipped) == manifest.plain


def test_the_end_is_told_once_all_rows_are_there() -> None:
    done = encode(state="completed", completed_at=int(NOW * 1000))
    assert not listing(done, None, rows(2), NOW).complete
    whole = listing(done, None, rows(3), NOW)
    assert whole.complete
    manifest = Manifests().rendered("v", "360p.m3u8", whole)
    assert manifest is not None
    assert b"#EXT-X-ENDLIST" in manifest.plain
    assert manifest.caching == WHOLE


def test_the_end_waits_for_the_last_row_of_every_rendition() -> None:
    done = encode(state="completed", completed_at=int(NOW * 1000))
    lacking = [one for one in rows(3) if (one["rendition"], one["number"]) != ("audio", 2)]
    assert not listing(done, None, lacking, NOW).complete


def test_an_encode_that_ended_long_ago_is_complete_whatever_its_measures() -> None:
    done = encode(state="completed", completed_at=int(NOW * 1000) - 3_600_000)
    assert listing(done, None, rows(2), NOW).complete


def test_a_manifest_changes_its_tag_exactly_when_its_list_grows() -> None:
    one, same, two = (listing(encode(), None, rows(n), NOW) for n in (1, 1, 2))
    assert one.tag == same.tag != two.tag


def test_one_state_is_rendered_once() -> None:
    manifests = Manifests()
    first = manifests.rendered("v", "master.m3u8", listing(encode(), None, rows(1), NOW))
    assert manifests.rendered("v", "master.m3u8", listing(encode(), None, rows(1), NOW)) is first


def test_only_planned_renditions_have_playlists() -> None:
    found = listing(encode(), None, rows(1), NOW)
    for path in ("1080p.m3u8", "audio.iframes.m3u8", "1080p.iframes.m3u8"):
        assert Manifests().rendered("v", path, found) is None
    for path in ("audio.m3u8", "360p.iframes.m3u8", "manifest.mpd"):
        assert Manifests().rendered("v", path, found) is not None


def test_renditions_are_shown_highest_first_with_their_measured_rate() -> None:
    found = listing(encode(rungs=["720p", "360p"]), None, [*rows(1), row("720p", 0, height=720, width=1280)], NOW)
    assert [r.name for r in found.renditions] == ["720p", "360p", "audio"]
    assert all(r.bandwidth > 0 for r in found.renditions)


TRACKS = (
    '[{"name":"360p","kind":"video","codec":"h264","height":360},'
    '{"name":"360p-vp9","kind":"video","codec":"vp9","height":360,"later":true},'
    '{"name":"360p-av1","kind":"video","codec":"av1","height":360,"later":true}]'
)


def published(**more: Any) -> dict[str, Any]:
    now = int(NOW * 1000)
    return encode(state="completed", completed_at=now, added_at=now, tracks=TRACKS, **more)


def names(encode: dict[str, Any], stored: list[dict[str, Any]]) -> tuple[list[str], bool]:
    """What is listed, and whether that is settled."""
    found = listing(encode, None, stored, NOW)
    assert found.complete
    return [track.name for track in found.presentation.tracks], found.settled


def test_a_codec_is_listed_once_it_was_added_and_all_its_rows_are_there() -> None:
    first, vp9 = [row("360p", n) for n in range(3)], [row("360p-vp9", n) for n in range(3)]
    assert names(published(), [*first, *vp9]) == (["360p"], False)
    assert names(published(added=["360p-vp9"]), [*first, *vp9[:2]]) == (["360p"], False)
    assert names(published(added=["360p-vp9"]), [*first, *vp9]) == (["360p", "360p-vp9"], False)
    assert names(published(added=["360p-vp9"], trimmed=["360p-av1"]), [*first, *vp9]) == (["360p", "360p-vp9"], True)
    assert names(published(dropped=["360p-vp9", "360p-av1"]), first) == (["360p"], True)


def test_a_later_codec_is_not_listed_before_the_start_is_all_there() -> None:
    stored = [row("360p", 0), *(row("360p-vp9", n) for n in range(3))]
    found = listing(published(added=["360p-vp9"]), None, stored, NOW)
    assert not found.complete
    assert [track.name for track in found.presentation.tracks] == ["360p"]


def test_a_rung_that_could_not_be_made_is_waited_for_no_longer() -> None:
    growing = encode(rungs=["360p", "720p"], dropped=["720p"])
    found = listing(growing, None, rows(1), NOW)
    assert found.playable
    assert [r.name for r in found.renditions] == ["360p", "audio"]


def test_what_nobody_plays_is_not_listed_and_can_be_asked_for_again() -> None:
    stored = [*(row("360p", n) for n in range(3)), *(row("360p-vp9", n) for n in range(3))]
    done = published(added=["360p-vp9"], trimmed=["360p-av1"], unplayed=["360p-vp9"], unplayed_of="e1")
    assert names(done, stored) == (["360p"], True)
    assert listing(done, None, stored, NOW).unplayed
    after = {**done, "unplayed_of": "an encode before"}
    assert names(after, stored) == (["360p", "360p-vp9"], True)
    assert not listing(after, None, stored, NOW).unplayed


def test_a_track_is_there_when_as_many_rows_as_were_made_are_there() -> None:
    """A sound may end before the picture; a codec that is added does not make the others wait once more."""
    first, vp9 = [row("360p", n) for n in range(2)], [row("360p-vp9", n) for n in range(2)]
    counts = {"counts": {"360p": 2}, "added": ["360p-vp9", "360p-av1"]}
    done = published(**counts, added_counts={"360p-vp9": 2, "360p-av1": 2})
    assert names(done, [*first, *vp9]) == (["360p", "360p-vp9"], False)
    assert not listing(done, None, first[:1], NOW).complete
