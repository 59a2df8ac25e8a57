"""Calls of the gateway as its client makes them: JSON in and out, retried while a server is away."""

from __future__ import annotations

import asyncio
import itertools
import random
from types import TracebackType
from typing import Any, Self

import httpx

ATTEMPTS = 8
FIRST_ATTEMPTS = 6  # of a gateway that has not answered yet: perhaps the address is wrong
LONGEST_PAUSE = 15.0
PASSING = {429, 502, 503, 504}


class Refused(RuntimeError):
    """The gateway will not do it; the text is its reason and what to do. `status` 0: it can't be reached."""

    def __init__(self, status: int, code: str, detail: str, mend: str = "") -> None:
        super().__init__(f"{detail}\n  mend:   {mend}" if mend else detail)
        self.status = status
        self.code = code


class Gateway:
    """One signed-in client. Commands carry an Idempotency-Key, so repeating one is harmless."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address.rstrip("/")
        headers = {"Authorization": f"Bearer {token}"}
        timeout = httpx.Timeout(60, connect=10)
        self._reached = False
        self.http = httpx.AsyncClient(base_url=self.address, headers=headers, timeout=timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def call(self, method: str, path: str, body: object = None, key: str | None = None) -> dict[str, Any]:
        """The answer's body; raises Refused, at once for a refusal, after some attempts for an outage."""
        headers = {"Idempotency-Key": key} if key else {}
        for attempt in itertools.count(1):
            answer = None
            try:
                answer = await self.http.request(method, path, json=body, headers=headers)
                self._reached = True
                if answer.is_success:
                    return answer.json()
                failure = refusal(answer)
            except httpx.TransportError as error:
                failure = self.unreachable(error)
            last = ATTEMPTS if self._reached else FIRST_ATTEMPTS
            if attempt >= last or (answer is not None and answer.status_code not in PASSING):
                raise failure
            await asyncio.sleep(pause(attempt, answer))
        raise AssertionError("unreachable")

    def unreachable(self, error: Exception) -> Refused:
        return Refused(0, "unreachable", f"{self.address} can't be reached: {error!r}", "Ask `playlog status`.")


def pause(attempt: int, answer: httpx.Response | None = None) -> float:
    """Seconds before another attempt: what the server asks for, else growing, with some chance."""
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    least = float(asked) if asked.isdigit() else 0.0
    return max(least, min(LONGEST_PAUSE, 0.25 * 2**attempt) * random.uniform(0.5, 1))


def refusal(answer: httpx.Response) -> Refused:
    """The problem document of an error answer."""
    try:
        problem = answer.json()
        detail = str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        return Refused(answer.status_code, "http", f"The gateway answered {answer.status_code}: {answer.text[:200]}")
    return Refused(answer.status_code, str(problem.get("code", "")), detail, str(problem.get("mend", "")))
