"""What must not be taken, must not crash, and must not hang: each gets a problem document that says what to do."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from gateway.route import MOST_BYTES
from tests.integration.gateway.conftest import PATIENCE, Rig

pytestmark = pytest.mark.asyncio(loop_scope="session")
GOOD = {"filename": "a.mp4", "size": 5, "content_type": "video/mp4", "title": "A"}
JSON = {"Content-Type": "application/json"}


def is_problem(answer: httpx.Response, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"nonsense", b"\xff\xfe", b'{"size": 1e999}', b"[" * 100_000, b'{"a":' * 50_000, b"\x00" * 100],
    ids=lambda body: repr(body[:12]),
)
async def test_what_is_no_json(ann: httpx.AsyncClient, body: bytes) -> None:
    answer = await ann.post("/v1/uploads", content=body, headers=JSON)
    assert answer.status_code in (400, 422)
    is_problem(answer, answer.status_code)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"size": "5"}, "size"),
        ({"size": 5.5}, "size"),
        ({"size": None}, "size"),
        ({"size": 1 << 70}, "size"),
        ({"tags": "sea"}, "tags"),
        ({"tags": [1]}, "tags[0]"),
        ({"tags": ["x"] * 31}, "tags"),
        ({"visibility": "secret"}, "visibility"),
        ({"unknown": 1}, "body"),
        ({"filename": "a\u0000.mp4"}, "filename"),
        ({"content_type": "application/x-msdownload"}, "content_type"),
        ({"title": "x" * 100_000}, "title"),
    ],
)
async def test_fields_of_a_wrong_kind_are_named(ann: httpx.AsyncClient, change: dict[str, object], field: str) -> None:
    problem = is_problem(await ann.post("/v1/uploads", json={**GOOD, **change}), 422)
    assert field in json.dumps(problem["errors"])


async def test_a_missing_field_is_named(ann: httpx.AsyncClient) -> None:
    problem = is_problem(await ann.post("/v1/uploads", json={"filename": "a"}), 422)
    assert problem["errors"] == [{"field": "size", "detail": "is missing"}]


async def test_a_huge_body_is_not_read(ann: httpx.AsyncClient) -> None:
    is_problem(await ann.post("/v1/uploads", content=b" " * (MOST_BYTES + 1), headers=JSON), 413)


async def test_another_content_type_is_refused(ann: httpx.AsyncClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    is_problem(await ann.post("/v1/uploads", content=b"a=1", headers=form), 415)


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "ü", "x" * 8000])
async def test_a_foreign_token(rig: Rig, token: str) -> None:
    async with httpx.AsyncClient(base_url=rig.address, timeout=60) as client:
        headers = [(b"Authorization", b"Bearer " + token.encode())]
        for method, path in (("POST", "/v1/uploads"), ("GET", "/v1/videos"), ("GET", "/v1/search?q=a")):
            is_problem(await client.request(method, path, headers=headers), 401)


@pytest.mark.parametrize("key", ["", "a b", "ü", "k" * 201, "a\tb"])
async def test_a_bent_idempotency_key(ann: httpx.AsyncClient, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode())]
    is_problem(await ann.post("/v1/uploads", json=GOOD, headers=headers), 422)


@pytest.mark.parametrize("position", ["x", "uploads/1", "uploads/-1/2", "uploads/1/2;", "a" * 1000, "uploads/1/1e9"])
async def test_a_bent_position(ann: httpx.AsyncClient, position: str) -> None:
    is_problem(await ann.get("/v1/videos", headers={"Playlog-After": position}), 422)


@pytest.mark.parametrize(
    ("numbers", "named"),
    [([], "1 to 1000"), ([0], "0 is not"), ([3], "3 is not"), ([1] * 1001, "1 to 1000"), (["1"], "int")],
)
async def test_parts_that_do_not_exist(rig: Rig, ann: httpx.AsyncClient, numbers: list[object], named: str) -> None:
    video = (await rig.started(ann, size=9 << 20))["video_id"]
    problem = is_problem(await ann.post(f"/v1/uploads/{video}/parts", json={"numbers": numbers}), 422)
    assert named in str(problem["detail"])


@pytest.mark.parametrize("number", ["0", "3", "-1", "1.5", "x", "99999999999999999999", "%00"])
async def test_reports_of_parts_that_do_not_exist(rig: Rig, ann: httpx.AsyncClient, number: str) -> None:
    video = (await rig.started(ann, size=9 << 20))["video_id"]
    is_problem(await ann.put(f"/v1/uploads/{video}/parts/{number}", json={"etag": "e"}), 404)


@pytest.mark.parametrize("report", [{"etag": ""}, {"etag": "a b"}, {"etag": "e" * 200}, {"etag": "e", "size": 7}, {}])
async def test_reports_that_can_not_be(rig: Rig, ann: httpx.AsyncClient, report: dict[str, object]) -> None:
    video = (await rig.started(ann, size=9 << 20))["video_id"]
    is_problem(await ann.put(f"/v1/uploads/{video}/parts/1", json=report), 422)


@pytest.mark.parametrize(
    "path",
    ["/v1/nothing", "/v1", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fpackage.json", "/%00", "/" + "a" * 3000],
)
async def test_addresses_that_lead_nowhere(nobody: httpx.AsyncClient, path: str) -> None:
    is_problem(await nobody.get(path), 404)


async def test_a_wrong_method_is_told_the_right_ones(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.put("/v1/uploads")
    is_problem(answer, 405)
    assert "POST" in answer.headers["Allow"]


async def test_names_can_not_break_out_of_a_header(rig: Rig, ann: httpx.AsyncClient) -> None:
    for name in ("a\r\nSet-Cookie: x=1.mp4", "a\nb.mp4"):
        is_problem(await ann.post("/v1/uploads", json={**GOOD, "filename": name}), 422)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(rig.address.rsplit(":", 1)[1]))
    writer.write(b"GET /v1/videos/a%0d%0aX-Bad:%201 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    head = answer.partition(b"\r\n\r\n")[0]
    assert head.startswith(b"HTTP/1.1 404")
    assert b"X-Bad" not in head


@pytest.mark.parametrize(
    "raw",
    [b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n", b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n"],
)
async def test_what_is_no_http(rig: Rig, nobody: httpx.AsyncClient, raw: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(rig.address.rsplit(":", 1)[1]))
    writer.write(raw)
    writer.write_eof()
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    assert answer == b"" or answer.split()[1].startswith(b"4")
    assert (await nobody.get("/healthz")).status_code == 200
