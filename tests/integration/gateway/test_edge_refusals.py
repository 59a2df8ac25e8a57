"""The edge lets nobody through whom the gateway would not: it refuses by itself, and the gateway is not asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from deploy.edge.hits import Line
from gateway.media.links import Links
from tests.integration.gateway.conftest import Rig, eventually
from tests.integration.gateway.edge_rig import Front, fronting
from tests.integration.gateway.growing_video import Video

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def front(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Front]:
    async with fronting(rig, tmp_path_factory.mktemp("edge")) as running:
        yield running


async def growing(rig: Rig) -> Video:
    """A video with one segment so far."""
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    await video.listed("360p.m3u8", "#EXTINF")
    return video


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def video(rig: Rig) -> Video:
    return await growing(rig)


@pytest_asyncio.fixture(loop_scope="session")
async def unasked(front: Front) -> AsyncIterator[None]:
    """The gateway's count of requests for media does not move during the test."""
    before = await front.gateway_requests()
    yield
    assert await front.gateway_requests() == before


async def raw(front: Front, target: str, method: str = "GET", head: str = "") -> tuple[int, str]:
    """The status and head of the answer to a request whose target no client library has touched."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(front.address).port)
    writer.write(f"{method} {target} HTTP/1.1\r\nHost: x\r\n{head}Connection: close\r\n\r\n".encode())
    answer = (await reader.readuntil(b"\r\n\r\n")).decode()
    writer.close()
    return int(answer.split()[1]), answer


@pytest.mark.usefixtures("unasked")
async def test_links_that_are_missing_forged_expired_or_anothers(front: Front, video: Video) -> None:
    other, now = Video(video.rig), time.time()
    good = video.media.split("/")[2]
    secret = video.rig.services.secrets.media
    expired = Links(secret, 0).token(video.id, now - 8000)
    later = f"{int(good.split('.')[0]) + 9999}.{good.split('.')[1]}"
    wrong = Links("another secret", 3600).token(video.id, now)
    refused = {expired: 410, later: 403, wrong: 403, other.media.split("/")[2]: 403, "x": 403, "9.x": 403}
    for token, status in refused.items():
        for path in ("master.m3u8", "360p.m3u8", f"360p/{'0' * 32}.m4s"):
            answer = await front.get(f"/media/{token}/{video.id}/{path}")
            assert answer.status_code == answer.json()["status"] == status
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "X-Cache" not in answer.headers
    assert (await front.get(f"/media/{video.id}/master.m3u8")).status_code == 403
    assert (await front.get(f"/media//{video.id}/master.m3u8")).status_code == 403


async def test_the_documents_are_the_gateways(front: Front, video: Video) -> None:
    for token in (Links(video.rig.services.secrets.media, 0).token(video.id, time.time() - 8000), f"9.{'x' * 22}"):
        path = f"/media/{token}/{video.id}/master.m3u8"
        ours, theirs = await front.get(path), await video.get(f"../../{token}/{video.id}/master.m3u8")
        assert (ours.status_code, ours.json()) == (theirs.status_code, theirs.json())


async def test_what_is_kept_for_some_is_not_handed_to_others(front: Front, video: Video) -> None:
    path = f"{video.id}/master.m3u8"
    assert (await front.get(f"{video.media}/master.m3u8")).status_code == 200
    assert (await front.get(f"/media/9999999999.{'x' * 22}/{path}")).status_code == 403
    assert (await front.get(f"/media/{Video(video.rig).media.split('/')[2]}/{path}")).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "../x", "..%2f..%2fsources/x", "%2e%2e/%2e%2e/etc/passwd", "360p/../../../../etc/passwd", "360p/%00.m4s",
        "..%2f..%2f..%2fv1%2fvideos", "%2e%2e%2f%2e%2e%2f%2e%2e%2fmetrics", "master.m3u8%0d%0aX-Injected:%20yes",
        "master.m3u8%20HTTP/1.1%0d%0a", "a" * 300, "master.m3u8%3fx", "%25%32%65%25%32%65%2fx", "\\..\\x",
        "..%5c..%5cx", "360p%2f..%2f..%2f..%2f..%2f..%2fnginx.conf", "master.m3u8;x=1", "é.m3u8",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("unasked")
async def test_paths_that_lead_out_of_a_video_lead_nowhere(front: Front, video: Video, path: str) -> None:
    status, answer = await raw(front, f"{video.media}/{path}")
    assert status in (400, 403, 404), answer[:300]
    assert "X-Injected" not in answer


async def test_another_spelling_of_an_address_is_the_same_object(front: Front, video: Video) -> None:
    segment = await video.segment(1)
    token = video.media.split("/")[2]
    encoded = "".join(f"%{ord(letter):02x}" for letter in token)
    await front.get(f"{video.media}/{segment}")
    asked = await front.gateway_requests()
    for target in (
        f"/media/{encoded}/{video.id}/{segment}",
        f"{video.media}//{segment}",
        f"{video.media}/x/..%2f{segment.replace('/', '%2F')}",
        f"//media/{token}/{video.id}/./{segment}?CMCD=bl%3D1&x=y",
    ):
        status, answer = await raw(front, target)
        assert (status, "X-Cache: HIT" in answer) == (200, True), target
    assert await front.gateway_requests() == asked


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PURGE"])
@pytest.mark.usefixtures("unasked")
async def test_media_are_only_read(front: Front, video: Video, method: str) -> None:
    status, _ = await raw(front, f"{video.media}/master.m3u8", method)
    assert status in (400, 405)


@pytest.mark.usefixtures("unasked")
async def test_a_page_of_another_origin_may_ask(front: Front, video: Video) -> None:
    headers = {"Origin": "http://127.0.0.1:8080", "Access-Control-Request-Method": "GET",
               "Access-Control-Request-Headers": "range, cmcd-session"}  # fmt: skip
    answer = await front.viewer.options(f"{video.media}/master.m3u8", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Range" in answer.headers["Access-Control-Allow-Headers"]
    assert "CMCD-Session" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.usefixtures("unasked")
async def test_nothing_but_media_is_here(front: Front) -> None:
    for path in ("/", "/v1/videos", "/metrics", "/nginx.conf", "/cache/", "/media", "/media/", "/preflight", "/.."):
        status, _ = await raw(front, path)
        assert status in (400, 403, 404), path


@pytest.mark.usefixtures("unasked")
async def test_requests_are_small(front: Front, video: Video) -> None:
    target = f"{video.media}/master.m3u8"
    assert (await raw(front, target, head=f"X: {'x' * 9000}\r\n"))[0] == 400
    assert (await raw(front, f"{target}?{'x' * 9000}"))[0] in (400, 414)
    assert (await raw(front, target, head="Content-Length: 5000000\r\n"))[0] == 413


async def test_an_answer_does_not_depend_on_who_asks(front: Front, video: Video) -> None:
    segment = await video.segment(2)
    answer = await front.get(f"{video.media}/{segment}", Authorization="Bearer nonsense", Cookie="a=b")
    assert (answer.status_code, answer.headers["X-Cache"]) == (200, "MISS")


async def test_the_log_tells_of_requests_but_not_of_people(front: Front, rig: Rig) -> None:
    video, agent = await growing(rig), "an-agent-of-nobodys"
    path = f"{video.media}/master.m3u8?CMCD=sid%3D%22s1%22%2Cbl%3D2000"
    await front.get(path, **{"User-Agent": agent, "CMCD-Object": "ot=m"})
    await front.get(f"/media/9.{'x' * 22}/{video.id}/master.m3u8")

    def told() -> list[Line]:
        """Of this test's video: every process of nginx writes its lines when its second is over, in no order."""
        return [line for line in front.requests() if line.video_id == video.id]

    async def flushed() -> bool:
        return len(told()) >= 2

    await eventually(flushed)
    text = (front.local.logs / "edge-requests.log").read_text()
    assert "s1" in text
    assert "ot=m" in text
    served, refused = sorted(told(), key=lambda line: line.status)
    assert (served.status, served.path) == (200, "master.m3u8")
    assert served.bytes > 0
    assert (refused.status, refused.cache) == (403, "")
    assert not [secret for secret in (agent, "127.0.0.1", video.media.split("/")[2]) if secret in text]
