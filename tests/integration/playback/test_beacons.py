"""What may post beacons, and what may not: refused with its reason, counted nowhere, and nobody else is hurt."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gateway.playback.beacons import MOST_BYTES
from gateway.playback.tokens import LIFETIME, Session, Tokens
from gateway.uploads.identity import uuid7
from tests.integration.gateway.conftest import OPTIONS, Rig, serving
from tests.integration.playback.conftest import DURATION, Player, counted, film, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")


def is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["detail"]
    assert answer.json()["mend"]


async def test_a_token_is_of_its_session_video_and_installation(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = await film(rig)
    player = await Player.of(nobody, video)
    [beacon] = player.watch(10_000)
    forged = Tokens.of("another").make(Session(player.session_id, video, "anon-1", DURATION, player.began + LIFETIME))
    over = rig.services.tokens.make(
        Session(uuid7(player.began - LIFETIME), video, "anon-1", DURATION, player.began - 1000)
    )
    is_problem(await player.send([beacon | {"token": forged}]), 403, "forged-token")
    is_problem(await player.send([beacon | {"token": beacon["token"][:-2]}]), 403, "forged-token")
    is_problem(await player.send([beacon | {"token": over}]), 410, "expired-token")
    is_problem(await player.send([beacon | {"session_id": str(uuid.uuid4())}]), 403, "foreign-session")
    await settled(rig, nobody, video, await counted(rig, video))
    assert (await counted(rig, video)).watched_ms == 0


IMPOSSIBLE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"position_ms": DURATION + 5_001}, "beyond-the-end"),
    ({"position_ms": -1}, "out-of-range"),
    ({"advanced_ms": -10_000}, "out-of-range"),
    ({"advanced_ms": 60_001}, "out-of-range"),
    ({"advanced_ms": 2**63}, "out-of-range"),
    ({"stalled_ms": -1}, "out-of-range"),
    ({"sequence": -1}, "out-of-range"),
    ({"at": -1}, "out-of-range"),
    ({"advanced_ms": "10000"}, "malformed"),
    ({"kind": "watched"}, "malformed"),
    ({"views": 1000}, "malformed"),
)


async def test_what_can_not_be_counts_nothing_and_the_rest_is_taken(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = await film(rig)
    player = await Player.of(nobody, video)
    for change, code in IMPOSSIBLE:
        good, bad = player.watch(300, 3_000)
        answer = await player.send([bad | change, good])
        assert answer.status_code == 202
        assert answer.json()["accepted"] == 1
        assert [(refused["index"], refused["code"]) for refused in answer.json()["refused"]] == [(0, code)]
        is_problem(await player.send([bad | change]), 422, code)
    wanted = await counted(rig, video)
    assert (wanted.views, wanted.watched_ms) == (0, 300 * len(IMPOSSIBLE))
    await settled(rig, nobody, video, wanted)


async def test_a_browser_s_last_words_are_plain_text(rig: Rig, nobody: httpx.AsyncClient) -> None:
    player = await Player.of(nobody, await film(rig))
    body = json.dumps(player.watch(1_000))
    for kind in ("text/plain;charset=UTF-8", "application/json"):
        answer = await nobody.post("/v1/beacons", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 202, answer.text
    refused = await nobody.post("/v1/beacons", content=body, headers={"Content-Type": "text/html"})
    is_problem(refused, 415, "not-json")


@pytest.mark.parametrize("body", [b"{}", b"[", b"7", b"", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_array(nobody: httpx.AsyncClient, body: bytes) -> None:
    answer = await nobody.post("/v1/beacons", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text


async def test_a_body_of_ten_megabytes_is_refused_before_it_is_sent(rig: Rig) -> None:
    """The client announces it and sends none of it: the answer comes all the same."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(rig.address.rsplit(":", 1)[1]))
    head = "POST /v1/beacons HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\n\r\n"
    writer.write(head.encode())
    async with asyncio.timeout(60):
        answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413")


async def test_nor_is_one_read_to_its_end_that_does_not_say_how_long_it_is(nobody: httpx.AsyncClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(160):
            yield b" " * 65_536

    async def endless() -> AsyncIterator[bytes]:
        for piece in pieces():
            yield piece

    try:
        answer = await nobody.post("/v1/beacons", content=endless(), headers={"Content-Type": "application/json"})
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        return  # cut off while it was still sending, which is seen when the answer is to be read
    is_problem(answer, 413, "too-large")


async def test_a_body_a_little_too_large_is_refused(nobody: httpx.AsyncClient) -> None:
    body = b"[" + b" " * MOST_BYTES + b"]"
    is_problem(await nobody.post("/v1/beacons", content=body), 413, "too-large")


async def test_too_many_beacons_at_once(rig: Rig, nobody: httpx.AsyncClient) -> None:
    player = await Player.of(nobody, await film(rig))
    assert (await player.send(player.watch(*[10] * 200))).json()["accepted"] == 200
    is_problem(await player.send(player.watch(*[10] * 201)), 413, "too-many-beacons")


async def flooded(player: Player, beacons: int) -> list[httpx.Response]:
    """Requests of so many beacons, one after another until one is refused; all answers, the refusal last."""
    answers = [await player.send(player.watch(*[1] * beacons))]
    while answers[-1].status_code == 202:
        assert len(answers) < 1000
        answers.append(await player.send(player.watch(*[1] * beacons)))
    return answers


async def test_a_flood_waits_and_nobody_else_does(rig: Rig) -> None:
    options = replace(OPTIONS, beacons_per_address=20, beacons_per_session=1000, proxies=1)
    video = await film(rig)
    async with serving(rig.platform, options) as gateway, gateway.client(None) as client:
        client.headers["X-Forwarded-For"] = "203.0.113.9"
        flood, other = await Player.of(client, video), await Player.of(client, video)
        *passed, refused = await flooded(flood, 49)
        is_problem(refused, 429, "too-many")
        assert int(refused.headers["Retry-After"]) > 0
        taken = sum(answer.json()["accepted"] for answer in passed)
        assert taken == 49 * len(passed)
        assert taken >= 4 * 49  # the burst is 200: these fit, and one for each of the two sessions
        client.headers["X-Forwarded-For"] = "2001:db8::1"
        assert (await other.send(other.watch(1_000))).status_code == 202
        assert (await Player.of(client, video)).session_id
        client.headers["X-Forwarded-For"] = "203.0.113.9"
    assert (await counted(rig, video)).watched_ms == taken + 1_000


async def test_a_session_that_posts_too_fast_is_told_which_to_send_again(rig: Rig) -> None:
    options = replace(OPTIONS, beacons_per_session=1)
    async with serving(rig.platform, options) as gateway, gateway.client(None) as client:
        video = await film(rig)
        fast, calm = await Player.of(client, video), await Player.of(client, video)
        await fast.tell(*[1] * 195)
        mixed = [*fast.watch(*[1] * 20), *calm.watch(5_000)]
        answer = (await fast.send(mixed)).json()
        assert {refused["code"] for refused in answer["refused"]} == {"too-many"}
        assert 20 not in {refused["index"] for refused in answer["refused"]}
        assert answer["accepted"] + len(answer["refused"]) == 21
        *_, alone = await flooded(fast, 1)  # another is taken each second
        is_problem(alone, 429, "too-many")
        assert int(alone.headers["Retry-After"]) > 0


async def test_beacons_are_measured(rig: Rig, nobody: httpx.AsyncClient) -> None:
    player = await Player.of(nobody, await film(rig))
    await player.tell(1_000)
    await player.send([{}])
    measures = (await nobody.get("/metrics")).text
    assert 'playlog_gateway_beacons_refused_total{code="malformed"}' in measures
    assert "playlog_gateway_beacons_total" in measures
