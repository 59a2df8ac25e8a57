"""Refusals as RFC 9457 problem documents: what was wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import msgspec
from aiohttp import web

CONTENT_TYPE = "application/problem+json"


class FieldError(msgspec.Struct, frozen=True):
    """One thing wrong with a request body; `field` is its path, such as `parts[2].etag`."""

    field: str
    detail: str


class ProblemBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every error answer (RFC 9457)."""

    status: int
    title: str
    detail: str
    code: str
    mend: str = ""
    errors: Sequence[FieldError] = ()
    video_id: str = ""
    type: str = "about:blank"


class Problem(Exception):
    """An answer that refuses. `code` is for programs, `detail` and `mend` for people; `retry_after` in seconds."""

    def __init__(
        self, status: int, code: str, detail: str, mend: str = "", *,
        errors: Sequence[FieldError] = (), retry_after: int | None = None,
        headers: Mapping[str, str] | None = None, video_id: str = "",
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.status = status
        self.code = code
        self.body = ProblemBody(status, HTTPStatus(status).phrase, detail, code, mend, tuple(errors), video_id)
        self.headers = {**(headers or {})}
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)

    def response(self) -> web.Response:
        headers = {"Cache-Control": "no-store", **self.headers}
        return web.Response(
            status=self.status, body=msgspec.json.encode(self.body), content_type=CONTENT_TYPE, headers=headers
        )


def invalid(errors: Sequence[FieldError]) -> Problem:
    """422 for a body that can be read but not accepted."""
    detail = "; ".join(f"{e.field}: {e.detail}" for e in errors)
    return Problem(422, "invalid-request", detail, "Correct the named fields and try again.", errors=errors)


def not_found(what: str, name: str) -> Problem:
    return Problem(404, "not-found", f"There is no {what} {name[:80]}.", "Check the id; it may have been mistyped.")


def outage(what: str, retry_after: int = 2) -> Problem:
    """503 for a server behind the gateway that does not answer; nothing was accepted."""
    return Problem(
        503, "unavailable", f"{what} does not answer at the moment.",
        "Nothing was lost. Send the request again after the time in Retry-After.", retry_after=retry_after,
    )  # fmt: skip
