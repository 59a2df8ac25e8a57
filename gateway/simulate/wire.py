"""Calls of the gateway by anybody, repeated until they are answered: a gateway that is killed costs nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from gateway.client.gateway import PASSING, Refused, pause, refusal

PATIENCE = 90.0  # seconds without an answer until a call is given up
LONGEST_PAUSE_STEP = 4
CONNECTIONS = 64
Json = dict[str, Any]


@dataclass
class Wire:
    """One gateway, many callers. `calls` counts answers by status, `repeated` what had to be asked again."""

    address: str
    calls: dict[int, int] = field(default_factory=dict[int, int])
    repeated: int = 0

    async def __aenter__(self) -> Self:
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        timeout = httpx.Timeout(30, connect=5, pool=PATIENCE)
        self.http = httpx.AsyncClient(base_url=self.address, limits=limits, timeout=timeout)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def get(self, path: str, bearer: str | None = None, **query: Any) -> Json:
        """Raises Refused."""
        return await self.call("GET", path, bearer=bearer, query=query)

    async def call(
        self, method: str, path: str, body: object = None, *, bearer: str | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> Json:  # fmt: skip
        """The answer's body once there is one; raises Refused for a refusal, or after `PATIENCE` seconds without."""
        limit, attempt = time.monotonic() + PATIENCE, 0
        while True:
            attempt += 1
            answer, failure = await self._once(method, path, body, bearer, query)
            if answer is not None and answer.is_success:
                return answer.json()
            final = answer is not None and answer.status_code not in PASSING
            if final or time.monotonic() > limit:
                raise failure
            self.repeated += 1
            await asyncio.sleep(pause(min(attempt, LONGEST_PAUSE_STEP), answer))

    async def _once(
        self, method: str, path: str, body: object, bearer: str | None, query: Mapping[str, Any] | None
    ) -> tuple[httpx.Response | None, Refused]:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        try:
            answer = await self.http.request(method, path, json=body, headers=headers, params=query)
        except httpx.TransportError as error:
            told = f"{self.address} can't be reached: {error!r}"
            return None, Refused(0, "unreachable", told, "Ask `playlog status`.")
        self.calls[answer.status_code] = self.calls.get(answer.status_code, 0) + 1
        return answer, refusal(answer)
