"""Who asks or rates too fast is held back, by address; nobody else is."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest

from tests.integration.gateway.conftest import OPTIONS, Rig, serving
from tests.integration.gateway.test_videos import described, shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

ONE, ANOTHER = {"X-Forwarded-For": "10.0.0.1"}, {"X-Forwarded-For": "10.0.0.2"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/search?q=a"),
        ("GET", "/v1/suggest?q=a"),
        ("GET", "/v1/trending"),
        ("GET", "/v1/videos/{video}/analytics"),
        ("PUT", "/v1/videos/{video}/rating"),
        ("DELETE", "/v1/videos/{video}/rating"),
    ],
)
async def test_a_flood_is_held_back_and_nobody_else_is(
    rig: Rig, ann: httpx.AsyncClient, method: str, path: str
) -> None:
    video, position = await described(rig, ann, visibility="public")
    await shown(ann, video, position)
    path, body = path.format(video=video), {"stars": 5} if method == "PUT" else None
    async with serving(rig.platform, replace(OPTIONS, queries_per_address=1, proxies=1)) as gateway:
        ann.base_url = gateway.address
        flood = await asyncio.gather(*(ann.request(method, path, json=body, headers=ONE) for _ in range(40)))
        other = await ann.request(method, path, json=body, headers=ANOTHER)
    late = [answer for answer in flood if answer.status_code == 429]
    assert 0 < len(late) < len(flood)
    assert {answer.json()["code"] for answer in late} == {"too-many"}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in late)
    assert {answer.status_code for answer in flood} - {429} == {other.status_code} <= {200, 202}
