"""What a call of the HTTP interface is: a route whose body, query and answer are known from its handler's types."""

from __future__ import annotations

import re
import sys
import typing
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import web

from gateway.access.caller import Caller, Role
from gateway.access.tokens import unauthorised
from gateway.problems import FieldError, Problem, invalid, not_found
from gateway.services import Services
from streams.event import Event
from streams.positions import Position

T = TypeVar("T")
KEY = re.compile(r"^[\x21-\x7e]{1,200}$")
TRACE = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")  # W3C Trace Context
JSON = ("application/json", "application/octet-stream")  # the second is what a body without a type is
MOST_BYTES = 2 << 20  # a completion of 10,000 parts is about 700 kB


@dataclass(frozen=True)
class Reply(Generic[T]):
    """A JSON answer. `position`: where the command stands in the log, for `Playlog-After`."""

    body: T
    status: int = 200
    position: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One request: who calls, with what in the path and headers, and what the gateway has to answer it."""

    services: Services
    request: web.Request
    known: Caller | None

    @property
    def caller(self) -> Caller:
        """Raises a 401 problem for an anonymous call."""
        if self.known is None:
            raise unauthorised("This call needs a token.")
        return self.known

    @property
    def video_id(self) -> str:
        """The id in the path; raises a 404 problem for what can't be one."""
        text = self.request.match_info["video_id"]
        try:
            if str(uuid.UUID(text)) == text:
                return text
        except ValueError:
            pass
        raise not_found("video", text)

    @property
    def idempotency_key(self) -> str | None:
        key = self.request.headers.get("Idempotency-Key")
        if key is not None and not KEY.match(key):
            raise invalid([FieldError("Idempotency-Key", "must be 1 to 200 visible ASCII characters")])
        return key

    async def post(self, event: Event) -> Position:
        """Write a command's event to the log; where it stands once it is there for good."""
        return (await self.post_all([event]))[0]

    async def post_all(self, events: Sequence[Event]) -> list[Position]:
        """Write events to the log; where each stands once all are there for good."""
        trace = self.request.headers.get("traceparent", "")
        return await self.services.log.post_all(events, traceparent=trace if TRACE.match(trace) else None)


Handler = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Route:
    """`role`: the least role that may call; None lets anybody. `wait`: seconds until it answers 503; None streams.

    `views`: what the answer is read from, and so what `Playlog-After` waits for. `takes`: what the body holds where
    the handler reads it itself, and `consumes` in which forms. `same_for_all`: a token is checked, but whose it is
    changes nothing, so no account is looked up. `keyed`: whether an `Idempotency-Key` is honoured; None: as for every
    POST and DELETE.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    role: Role | None = None
    status: int = 200
    refuses: tuple[int, ...] = ()
    wait: float | None = 30.0
    views: tuple[str, ...] = ()
    produces: str = "application/json"
    tag: str = "platform"
    takes: Any = None
    consumes: Sequence[str] = JSON[:1]
    same_for_all: bool = False
    keyed: bool | None = None

    @property
    def types(self) -> dict[str, Any]:
        """The handler's annotations: `body`, `query` and `return`."""
        return typing.get_type_hints(self.handler, vars(sys.modules[self.handler.__module__]))

    @property
    def honours_key(self) -> bool:
        return self.method in ("POST", "DELETE") if self.keyed is None else self.keyed

    @property
    def body(self) -> Any:
        """The type of the body; None where none is taken."""
        return self.types.get("body", self.takes)

    @property
    def answer(self) -> Any:
        """The type of the JSON answer; None for a stream."""
        answer = self.types.get("return")
        return typing.get_args(answer)[0] if typing.get_origin(answer) is Reply else None


async def arguments(route: Route, types: Mapping[str, Any], request: web.Request) -> dict[str, Any]:
    """The decoded `body` and `query` that the handler asks for; raises a 4xx problem naming the field."""
    given: dict[str, Any] = {}
    if "body" in types:
        given["body"] = await read_body(request, types["body"])
    if "query" in types:
        given["query"] = _convert(dict(request.query), types["query"], strict=False)
    return given


async def read_body(request: web.Request, wanted: Any) -> Any:
    """The JSON body as `wanted`; raises a 413, 415, 400 or 422 problem."""
    raw = await read_bytes(request)
    try:
        value = msgspec.json.decode(raw or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "malformed-json", f"The body is not JSON: {error}.", "Send a JSON object.") from None
    return _convert(value, wanted)


async def read_bytes(request: web.Request, most: int = MOST_BYTES, types: Sequence[str] = JSON) -> bytes:
    """The body as it is; raises a 413 or 415 problem, before it is read where its length is announced."""
    if request.content_type not in types and request.can_read_body:
        code = "not-json" if JSON[0] in types else "wrong-type"
        raise Problem(415, code, f"The body is {request.content_type[:80]}.", f"Send it as {types[0]}.")
    try:
        raw = b"" if (request.content_length or 0) > most else await request.read()
    except web.HTTPRequestEntityTooLarge:
        raw = None
    if raw is None or max(len(raw), request.content_length or 0) > most:
        raise Problem(413, "too-large", f"The body is larger than {most} bytes.", "Send less at once.")
    return raw


def elements(raw: bytes) -> list[msgspec.Raw]:
    """The elements of a JSON array, each still to be decoded; raises a 400 or 422 problem."""
    try:
        return msgspec.json.decode(raw, type=list[msgspec.Raw])
    except msgspec.ValidationError as error:
        raise invalid([_field_error(str(error))]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "malformed-json", f"The body is not JSON: {error}.", "Send a JSON array.") from None


def _convert(value: Any, wanted: Any, strict: bool = True) -> Any:
    try:
        return msgspec.convert(value, wanted, strict=strict)
    except msgspec.ValidationError as error:
        raise invalid([_field_error(str(error))]) from None


def _field_error(text: str) -> FieldError:
    """msgspec's "Expected `int`, got `str` - at `$.size`" as a field and what is wrong with it."""
    detail, _, path = text.partition(" - at `$")
    if missing := re.match(r"Object missing required field `(.+)`", detail):
        return FieldError(missing[1], "is missing")
    return FieldError(path.rstrip("`").lstrip(".") or "body", detail[0].lower() + detail[1:])
