"""A video as its owner and others see it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from schemas.videos import VideoProbed, VideoPublished, VideoRejected
from tests.integration.gateway.conftest import PATIENCE, Rig, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def shown(client: httpx.AsyncClient, video: str, after: str) -> dict[str, Any]:
    answer = await client.get(f"/v1/videos/{video}", headers={"Playlog-After": after})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def described(rig: Rig, client: httpx.AsyncClient, **words: Any) -> tuple[str, str]:
    """A described video and the position of its description."""
    started = await rig.started(client)
    video, position = started["video_id"], started["position"]
    async with asyncio.timeout(PATIENCE):
        while not (await shown(client, video, position))["created_at"] or (
            (answer := await client.patch(f"/v1/videos/{video}", json={"description": "d", **words})).status_code == 409
        ):
            pass
    assert answer.status_code == 202, answer.text
    return video, answer.headers["Playlog-Position"]


async def test_a_fresh_upload_is_a_video_at_once(rig: Rig, ann: httpx.AsyncClient) -> None:
    started = await rig.started(ann, title="Dawn")
    video = await shown(ann, started["video_id"], started["position"])
    assert video["state"] == "uploading"
    assert video["hls"] is None


async def test_a_change_of_words_is_seen_by_the_next_query(rig: Rig, ann: httpx.AsyncClient) -> None:
    video, position = await described(rig, ann, title="Fog", tags=["sea"], visibility="unlisted")
    found = await shown(ann, video, position)
    assert (found["title"], found["tags"], found["visibility"]) == ("Fog", ["sea"], "unlisted")
    changed = await ann.patch(f"/v1/videos/{video}", json={"title": "Dusk", "tags": None})
    found = await shown(ann, video, changed.headers["Playlog-Position"])
    assert (found["title"], found["tags"], found["description"]) == ("Dusk", [], "d")


async def test_null_empties_a_word_for_good(rig: Rig, ann: httpx.AsyncClient) -> None:
    video, _ = await described(rig, ann, category="nature", language="da")
    for change in ({"category": None, "language": None}, {"title": "Dusk"}):
        changed = await ann.patch(f"/v1/videos/{video}", json=change)
        assert changed.status_code == 202, changed.text
        found = await shown(ann, video, changed.headers["Playlog-Position"])
        assert (found["category"], found["language"]) == (None, None)


async def test_a_video_is_mine_to_its_owner_only(
    rig: Rig, ann: httpx.AsyncClient, bob: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    video, position = await described(rig, ann, visibility="public")
    assert [(await shown(client, video, position))["mine"] for client in (ann, bob, nobody)] == [True, False, False]
    async with rig.client("op", "operator") as operator:
        assert (await shown(operator, video, position))["mine"] is False
    listed = (await ann.get("/v1/videos", headers={"Playlog-After": position})).json()["videos"]
    assert [video["mine"] for video in listed] == [True]


@pytest.mark.parametrize(
    "change", [{}, {"title": ""}, {"title": None}, {"tags": ["x"] * 99}, {"owner": "me"}, {"visibility": None}]
)
async def test_words_that_are_not_accepted(rig: Rig, ann: httpx.AsyncClient, change: dict[str, Any]) -> None:
    video, _ = await described(rig, ann)
    answer = await ann.patch(f"/v1/videos/{video}", json=change)
    assert answer.status_code == 422, answer.text


async def test_a_private_video_is_its_owners(
    rig: Rig, ann: httpx.AsyncClient, bob: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    video, position = await described(rig, ann, visibility="private")
    after = {"Playlog-After": position}
    for path in ("", "/timeline", "/events"):
        assert (await bob.get(f"/v1/videos/{video}{path}", headers=after)).status_code == 403
        assert (await nobody.get(f"/v1/videos/{video}{path}", headers=after)).status_code == 401
    assert (await bob.patch(f"/v1/videos/{video}", json={"title": "Mine"})).status_code == 403
    assert (await bob.delete(f"/v1/videos/{video}")).status_code == 403


async def test_others_see_a_public_video_but_not_its_upload(
    rig: Rig, ann: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    video, position = await described(rig, ann, visibility="public")
    after = {"Playlog-After": position}
    assert (await nobody.get(f"/v1/videos/{video}", headers=after)).status_code == 200
    events = (await nobody.get(f"/v1/videos/{video}/timeline", headers=after)).json()["events"]
    assert {event["topic"] for event in events} == {"videos"}
    owners: list[dict[str, Any]] = []

    async def begun() -> bool:  # what was announced stands in another topic than what was described
        owners[:] = (await ann.get(f"/v1/videos/{video}/timeline", headers=after)).json()["events"]
        return owners[0]["type"] == "UploadStarted"

    await eventually(begun)
    assert next(e for e in owners if e["type"] == "VideoDescribed")["cause"] == owners[0]["position"]


async def test_a_library_pages_newest_first_and_leaves_out_the_deleted(
    rig: Rig, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made = [await described(rig, ann, visibility=kind) for kind in ("public", "private", "public", "unlisted")]
    gone = await ann.delete(f"/v1/videos/{made[0][0]}")
    after = {"Playlog-After": ",".join([*(position for _, position in made), gone.headers["Playlog-Position"]])}
    first = (await ann.get("/v1/videos?owner=me&limit=2", headers=after)).json()
    rest = (await ann.get("/v1/videos", params={"limit": 2, "cursor": first["cursor"]}, headers=after)).json()
    listed = [video["video_id"] for page in (first, rest) for video in page["videos"]]
    assert listed == [made[3][0], made[2][0], made[1][0]]
    owner = first["videos"][0]["owner"]
    seen = (await bob.get("/v1/videos", params={"owner": owner}, headers=after)).json()["videos"]
    assert [video["video_id"] for video in seen] == [made[2][0]]


async def test_a_deleted_video_stays_deleted(rig: Rig, ann: httpx.AsyncClient) -> None:
    video, _ = await described(rig, ann)
    gone = await ann.delete(f"/v1/videos/{video}")
    assert gone.status_code == 202
    assert (await shown(ann, video, gone.headers["Playlog-Position"]))["state"] == "deleted"
    assert (await ann.patch(f"/v1/videos/{video}", json={"title": "Back"})).status_code == 410
    assert (await ann.delete(f"/v1/videos/{video}")).status_code == 202


async def test_nothing_is_said_to_others_of_a_deleted_video(
    rig: Rig, ann: httpx.AsyncClient, bob: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    video, _ = await described(rig, ann, title="Foghorn", description="Foghorn", tags=["Foghorn"], visibility="public")
    path = f"/v1/videos/{video}"
    gone = await ann.delete(path)
    after = {"Playlog-After": gone.headers["Playlog-Position"]}
    for other in (bob, nobody):
        seen = (await other.get(path, headers=after)).json()
        nothing = (None, [], 0, None)
        kept = {name for name, value in seen.items() if value not in (*nothing, "", False, {"count": 0, "mean": None})}
        assert kept == {"video_id", "state", "visibility"}
        for rest in ("/timeline", "/events", "/analytics", "/next"):
            answer = await other.get(path + rest, headers=after)
            assert (answer.status_code, answer.json()["code"]) == (410, "deleted"), rest
        assert (await other.post(f"{path}/playback", json={})).status_code == 410
    events = await ann.get(f"{path}/timeline", headers=after)
    assert "VideoDeleted" in {event["type"] for event in events.json()["events"]}
    assert "Foghorn" not in (await ann.get(path, headers=after)).text + events.text


async def test_a_rejected_video_says_why(rig: Rig, ann: httpx.AsyncClient) -> None:
    video, _ = await described(rig, ann)
    rejected = VideoRejected(video_id=video, code="no_video", reason="No picture in it. Send a video.")
    position = await rig.services.log.post(rejected)
    found = await shown(ann, video, str(position))
    assert (found["state"], found["code"], found["reason"]) == ("rejected", "no_video", rejected.reason)


async def test_a_published_public_video_is_found_by_its_title_though_misspelt(
    rig: Rig, ann: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    public, _ = await described(rig, ann, title="Lighthouse at Skagen")
    private, _ = await described(rig, ann, title="Lighthouse of mine", visibility="private")
    position = ""
    for video in (public, private):
        probed = VideoProbed(video_id=video, store_key="k", etag="e", container="mp4", duration_ms=1, size_bytes=1)
        published = VideoPublished(video_id=video, encode_id=video, duration_ms=1, renditions=("360p",))
        position = [str(await rig.services.log.post(event)) for event in (probed, published)][-1]
    await rig.services.search.post(f"/{rig.platform.settings.named('videos', '-')}/_refresh")
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await nobody.get("/v1/search?q=lighthose skagen", headers={"Playlog-After": position})
            found = [video["video_id"] for video in answer.json()["videos"]]
            if found:
                break
    assert found == [public]


@pytest.mark.parametrize("query", ["", "?q=", "?q=a&limit=0", "?q=a&limit=x", "?q=" + "a" * 300])
async def test_searches_that_can_not_be(nobody: httpx.AsyncClient, query: str) -> None:
    assert (await nobody.get(f"/v1/search{query}")).status_code == 422
