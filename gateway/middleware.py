"""What happens around every call: identity, time limit, refusals as problem documents, measures, the access log."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from gateway.access.caller import ROLES, Caller, Identity
from gateway.access.tokens import unauthorised
from gateway.after import wait_until_applied
from gateway.measures import REQUESTS, SECONDS
from gateway.outages import as_problem
from gateway.problems import Problem
from gateway.route import Call, Reply, Route, arguments
from gateway.services import SERVICES, Services

log = logging.getLogger("playlog.gateway")
access = logging.getLogger("playlog.gateway.access")
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]
SECURITY = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def endpoint(route: Route) -> Answering:
    """The aiohttp handler of a route."""
    types = route.types

    async def answer(request: web.Request) -> web.StreamResponse:
        services, after = request.app[SERVICES], request.headers.get("Playlog-After")
        call = Call(services, request, await caller_of(services, identify(request, route), route))
        await wait_until_applied(services.positions, route.views, after, services.options.after_wait)
        reply = await route.handler(call, **await arguments(route, types, request))
        return rendered(reply, route.status) if isinstance(reply, Reply) else reply

    async def limited(request: web.Request) -> web.StreamResponse:
        if route.wait is None:
            return await answer(request)
        async with asyncio.timeout(route.wait):
            return await answer(request)

    return limited


async def caller_of(services: Services, identity: Identity | None, route: Route) -> Caller | None:
    """The caller under their pseudonym; None for nobody, and where everybody gets the same answer."""
    return await services.accounts.caller(identity) if identity and not route.same_for_all else None


def identify(request: web.Request, route: Route) -> Identity | None:
    """Whose token it is; raises 401 for a bad token or none where one is needed, 403 for too low a role."""
    header = request.headers.get("Authorization")
    identity = request.app[SERVICES].verifier.identity(header) if header else None
    if route.role is None:
        return identity
    if identity is None:
        raise unauthorised("This call needs a token.")
    if ROLES.index(identity.role) < ROLES.index(route.role):
        detail = f"A {identity.role} may not do this; it takes a {route.role}."
        raise Problem(403, "role", detail, "Use an account with that role.")
    return identity


def rendered(reply: Reply[object], status: int) -> web.Response:
    headers = {"Cache-Control": "no-store", **reply.headers}
    if reply.position:
        headers["Playlog-Position"] = reply.position
    status = reply.status if reply.status != 200 else status
    return web.Response(
        status=status, body=msgspec.json.encode(reply.body), content_type="application/json", headers=headers
    )


@web.middleware
async def watch(request: web.Request, handler: Answering) -> web.StreamResponse:
    """Every failure becomes a problem document; every call is measured and logged. The outermost middleware."""
    begun = time.perf_counter()
    try:
        response = await handler(request)
    except Exception as error:
        response = refusal(error, request)
    for name, value in SECURITY.items():
        if not response.prepared:
            response.headers.setdefault(name, value)
    _record(request, response.status, time.perf_counter() - begun)
    return response


def refusal(error: Exception, request: web.Request) -> web.StreamResponse:
    match error:
        case Problem():
            return error.response()
        case web.HTTPException() if error.status < 400:
            return error
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(error.allowed_methods))
            detail = f"{request.method[:20]} is not possible here; {allowed} is."
            return Problem(405, "method", detail, headers={"Allow": allowed}).response()
        case web.HTTPException():
            return Problem(error.status, "http", error.reason or "The request can't be answered.").response()
        case _:
            return _failed(error, request)


def _failed(error: Exception, request: web.Request) -> web.Response:
    if problem := as_problem(error):
        log.warning("%s %s: %s: %s", request.method, request.path, type(error).__name__, error)
        return problem.response()
    log.exception("%s %s failed", request.method, request.path, exc_info=error)
    detail = "The gateway failed at this request; its log holds the cause."
    return Problem(500, "defect", detail, "Try again; report it if it stays.").response()


def _record(request: web.Request, status: int, seconds: float) -> None:
    resource = request.match_info.route.resource
    path = resource.canonical if resource else "unmatched"
    REQUESTS.labels(request.method if path != "unmatched" else "other", path, str(status)).inc()
    SECONDS.labels(path).observe(seconds)
    access.info("%s %s %d %.1f ms", request.method, _shown(request), status, seconds * 1000)


def _shown(request: web.Request) -> str:
    """The path as it is logged: without query, without a media link's token, on one line."""
    parts = request.rel_url.raw_path.split("/")
    if len(parts) > 2 and parts[1] == "media":
        parts[2] = "…"
    return "/".join(parts)[:300]
