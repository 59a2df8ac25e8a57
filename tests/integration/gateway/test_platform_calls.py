"""Health, configuration, the page, tokens for development, reading one's own writes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from gateway.routes import ROUTES
from tests.integration.gateway.conftest import OPTIONS, PATIENCE, Rig, eventually, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_is_healthy_and_ready_and_says_of_what(nobody: httpx.AsyncClient) -> None:
    assert (await nobody.get("/healthz")).json()["status"] == "ok"

    async def ready() -> bool:  # it follows the log a moment after it has begun to answer
        servers = (await nobody.get("/readyz")).json().get("servers")
        return servers == {"kafka": "ok", "cassandra": "ok", "opensearch": "ok", "s3": "ok"}

    await eventually(ready)


async def test_calls_are_measured_by_route_and_never_by_address(nobody: httpx.AsyncClient) -> None:
    await nobody.get("/v1/videos/some-secret-looking-id")
    measures = (await nobody.get("/metrics")).text
    assert 'route="/v1/videos/{video_id}",status="404"' in measures
    assert "some-secret-looking-id" not in measures


async def test_the_interface_describes_itself(nobody: httpx.AsyncClient) -> None:
    described = (await nobody.get("/openapi.json")).json()
    assert described["openapi"] == "3.1.0"
    assert sum(len(path) for path in described["paths"].values()) == len(ROUTES)


async def test_a_page_learns_what_may_be_uploaded(nobody: httpx.AsyncClient) -> None:
    config = (await nobody.get("/v1/config")).json()
    assert config["dev"] is True
    assert config["encoding"] == OPTIONS.encoding
    assert config["upload"]["put_max_bytes"] == OPTIONS.put_max_bytes
    assert "video/mp4" in config["upload"]["content_types"]


async def test_development_tokens_are_given_in_development_only(rig: Rig, nobody: httpx.AsyncClient) -> None:
    given = (await nobody.post("/v1/dev/token", json={"subject": "guest", "role": "viewer"})).json()
    assert (given["subject"], given["role"]) == ("guest", "viewer")
    me = await nobody.get("/v1/videos", headers={"Authorization": f"Bearer {given['token']}"})
    assert me.json() == {"videos": [], "cursor": None}
    for wrong in ({"subject": ""}, {"subject": "x", "role": "god"}, {}):
        assert (await nobody.post("/v1/dev/token", json=wrong)).status_code == 422
    async with serving(rig.platform, replace(OPTIONS, dev=False)) as production:
        refused = await nobody.post(f"{production.address}/v1/dev/token", json={"subject": "guest"})
        assert refused.status_code == 403


async def test_the_page_is_served_for_its_own_addresses(rig: Rig, nobody: httpx.AsyncClient, tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>page")
    (tmp_path / "assets" / "main-abcd1234.js").write_text("1")
    (tmp_path.parent / "secret.txt").write_text("secret")
    async with serving(rig.platform, replace(OPTIONS, web=tmp_path)) as gateway:
        nobody.base_url = httpx.URL(gateway.address)
        for path in ("/", "/upload", "/library", "/watch/0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11"):
            page = await nobody.get(path)
            assert (page.status_code, page.text) == (200, "<!doctype html>page"), path
            assert "connect-src 'self' http" in page.headers["Content-Security-Policy"]
            assert page.headers["Cache-Control"] == "no-cache"
        asset = await nobody.get("/assets/main-abcd1234.js")
        assert asset.headers["Cache-Control"].endswith("immutable")
        assert asset.headers["Content-Type"].startswith("text/javascript")
        assert (await nobody.get("/%2e%2e/secret.txt")).status_code == 404


async def test_a_page_that_is_not_built_says_how_to_build_it(
    rig: Rig, nobody: httpx.AsyncClient, tmp_path: Path
) -> None:
    async with serving(rig.platform, replace(OPTIONS, web=tmp_path / "none")) as gateway:
        page = await nobody.get(f"{gateway.address}/")
        assert page.status_code == 503
        assert "npm run build" in page.text


async def test_a_query_waits_for_its_own_write_and_not_for_ever(rig: Rig, ann: httpx.AsyncClient) -> None:
    started = await rig.started(ann)
    topic, partition, offset = started["position"].split("/")
    path = f"/v1/uploads/{started['video_id']}"
    assert (await ann.get(path, headers={"Playlog-After": started["position"]})).status_code == 200
    async with serving(rig.platform, replace(OPTIONS, after_wait=0.3)) as hasty:
        ahead = {"Playlog-After": f"{topic}/{partition}/{int(offset) + 1_000_000}"}
        late = await ann.get(f"{hasty.address}{path}", headers=ahead)
        assert (late.status_code, late.json()["code"]) == (503, "behind")
        assert int(late.headers["Retry-After"]) > 0
        elsewhere = {"Playlog-After": "encodes/0/99999999"}
        assert (await ann.get(f"{hasty.address}{path}", headers=elsewhere)).status_code == 200


async def test_two_changes_in_a_row_are_both_kept(rig: Rig, ann: httpx.AsyncClient) -> None:
    started = await rig.started(ann)
    path = f"/v1/videos/{started['video_id']}"
    async with asyncio.timeout(PATIENCE):
        while (await ann.patch(path, json={"title": "One"})).status_code == 409:
            pass
    changes = [{"description": "two"}, {"tags": ["three"]}, {"language": "en"}]
    answers = [await ann.patch(path, json=change) for change in changes]
    shown = (await ann.get(path, headers={"Playlog-After": answers[-1].headers["Playlog-Position"]})).json()
    assert [shown[name] for name in ("title", "description", "tags", "language")] == ["One", "two", ["three"], "en"]


async def test_a_gateway_that_stops_lets_go_of_its_listeners(rig: Rig, ann: httpx.AsyncClient) -> None:
    started = await rig.started(ann)
    async with serving(rig.platform) as gateway:
        url = f"{gateway.address}/v1/videos/{started['video_id']}/events"
        stream = ann.stream("GET", url)
        answer = await stream.__aenter__()
        await anext(answer.aiter_bytes())
    async with asyncio.timeout(PATIENCE):
        await stream.__aexit__(None, None, None)
