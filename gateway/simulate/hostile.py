"""Hostile traffic beside the good: bad requests get the right answer, a flood is held back, nothing of it counts.

It comes from an address of its own where the gateway is on this machine, so that the limit by address hits only it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import msgspec

from gateway.client.gateway import PASSING
from gateway.simulate.attacks import MANY, Attack, Prey, attacks, beacon
from gateway.simulate.compare import Compared
from gateway.simulate.films import Film
from gateway.simulate.guests import Guest, signed_in
from gateway.simulate.playing import begin
from gateway.simulate.wire import Wire

OTHER_ADDRESS = "127.0.0.66"
LOCAL = {"127.0.0.1", "localhost"}
FLOOD = 8  # requests of 200 beacons of one session: more than it may post at once
BIG_FLOOD = 500  # requests at most, until more was sent than an address may
LANES = 2
NO_BEACONS = b"[" + b"0," * (MANY - 1) + b"0]"
TRIES = 20
JSON = {"Content-Type": "application/json"}


@dataclass
class Hostile:
    """An attacker of one film. `found`: what was compared with the right answers."""

    wire: Wire
    film: Film
    run: str
    found: Compared = field(default_factory=lambda: Compared("hostile"))

    async def attack(self) -> None:
        """Everything once, then the floods. Raises Refused where even a good session is."""
        prey = await self._prey()
        async with self._client() as client:
            for attack in attacks(prey):
                self._look(attack, await self._answered(client, attack))
                await asyncio.sleep(0.01)
            await self._flood(client, prey)
            await self._big_flood(client)

    async def _prey(self) -> Prey:
        """A session that is never watched, and somebody else's."""
        mine, token = await begin(self.wire, self.film.video_id, self.film.duration_ms, Guest(f"evil-{self.run}", None))
        other, _ = await begin(self.wire, self.film.video_id, self.film.duration_ms, Guest(f"prey-{self.run}", None))
        bearer = await signed_in(self.wire, f"evil-{self.run}")
        return Prey(
            self.film.video_id, self.film.duration_ms, mine.session_id, token, other.session_id, bearer
        )  # fmt: skip

    def _client(self) -> httpx.AsyncClient:
        local = urlsplit(self.wire.address).hostname in LOCAL
        transport = httpx.AsyncHTTPTransport(local_address=OTHER_ADDRESS if local else None)
        return httpx.AsyncClient(base_url=self.wire.address, transport=transport, timeout=30)

    async def _answered(self, client: httpx.AsyncClient, attack: Attack) -> httpx.Response | None:
        """The answer once the gateway is there; None where it stays away."""
        headers = JSON | ({"Authorization": f"Bearer {attack.bearer}"} if attack.bearer else {})
        for _ in range(TRIES):
            try:
                answer = await client.request(
                    attack.method, attack.path, content=attack.body, params=attack.query, headers=headers
                )
                if answer.status_code in attack.right or answer.status_code not in PASSING:
                    return answer
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.5)
        return None

    def _look(self, attack: Attack, answer: httpx.Response | None) -> None:
        status = answer.status_code if answer is not None else 0
        told = f"{attack.name} ({attack.method} {attack.path}): answered {status}, right is {attack.right}"
        self.found.look(status in attack.right, told)
        if answer is not None and status >= 400:
            problem = "problem+json" in answer.headers.get("Content-Type", "")
            self.found.look(problem and bool(answer.json().get("detail")), f"{attack.name}: {status} says nothing")

    async def _flood(self, client: httpx.AsyncClient, prey: Prey) -> None:
        """One beacon, over and over: the session is held back, by 429 or by naming what was too much."""
        body = msgspec.json.encode([beacon(prey, kind="paused", advanced_ms=0)] * MANY)
        answers = [await _posted(client, body) for _ in range(FLOOD)]
        self.found.look(any(map(_held_back, answers)), "a session posts as fast as it likes")

    async def _big_flood(self, client: httpx.AsyncClient) -> None:
        """Things that are no beacons by the thousand: the address is held back."""
        answers: list[httpx.Response] = []
        async with asyncio.TaskGroup() as lanes:
            for _ in range(LANES):
                lanes.create_task(self._post_until_held_back(client, answers))
        late = [answer for answer in answers if answer.status_code == 429]
        self.found.look(bool(late), f"an address posts as fast as it likes: {len(answers) * MANY} beacons")
        self.found.look(all("Retry-After" in answer.headers for answer in late), "a 429 without Retry-After")

    async def _post_until_held_back(self, client: httpx.AsyncClient, answers: list[httpx.Response]) -> None:
        while len(answers) < BIG_FLOOD and not any(answer.status_code == 429 for answer in answers[-LANES:]):
            answers.append(await _posted(client, NO_BEACONS))


async def _posted(client: httpx.AsyncClient, body: bytes) -> httpx.Response:
    """The answer of a gateway that may be killed meanwhile; raises TransportError where it stays away."""
    for _ in range(TRIES):
        with suppress(httpx.TransportError):
            return await client.post("/v1/beacons", content=body, headers=JSON)
        await asyncio.sleep(0.5)
    return await client.post("/v1/beacons", content=body, headers=JSON)


def _held_back(answer: httpx.Response) -> bool:
    return answer.status_code == 429 or any(one["code"] == "too-many" for one in answer.json().get("refused", ()))
