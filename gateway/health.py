"""Is the gateway up, and can it do its work: /healthz, /readyz, /metrics, /v1/config."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import msgspec
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from gateway.problems import Problem
from gateway.reads import VIDEOS
from gateway.route import Call, Reply
from gateway.services import Services
from processors.media.policies import PolicyName
from streams.store_errors import Missing

WAIT = 3.0
NOBODY = "00000000-0000-7000-8000-000000000000"


class Health(msgspec.Struct, frozen=True):
    """Each server the gateway needs: `ok`, or what is wrong with it."""

    status: str
    servers: dict[str, str] = {}


class Limits(msgspec.Struct, frozen=True):
    """What may be uploaded: sizes in bytes; types as media types, `video/*` means any of them."""

    max_bytes: int
    put_max_bytes: int
    content_types: list[str]


class Config(msgspec.Struct, frozen=True):
    """What a page must know before anybody has signed in.

    `dev`: development tokens are given. `encoding`: how much is made of a video whose owner doesn't say.
    """

    dev: bool
    upload: Limits
    encoding: PolicyName


async def healthz(call: Call) -> Reply[Health]:
    """The process answers."""
    return Reply(Health("ok"))


async def readyz(call: Call) -> Reply[Health]:
    """Every server answers; else 503, naming those that do not."""
    services = call.services
    servers = {
        "kafka": services.feed.following.wait(),
        "cassandra": services.rows.get(VIDEOS, video_id=NOBODY),
        "opensearch": _search(services),
        "s3": _store(services),
    }
    states = dict(zip(servers, await asyncio.gather(*(_state(check) for check in servers.values())), strict=True))
    if bad := {name: state for name, state in states.items() if state != "ok"}:
        told = "; ".join(f"{name}: {state}" for name, state in bad.items())
        raise Problem(503, "not-ready", told, "Wait, or ask `playlog doctor` what is wrong.", retry_after=2)
    return Reply(Health("ok", states))


async def metrics(call: Call) -> web.Response:
    """The gateway's measures in Prometheus' text form."""
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def config(call: Call) -> Reply[Config]:
    """Limits, what is made of videos, and whether this is a development installation."""
    options = call.services.options
    limits = Limits(options.max_bytes, options.put_max_bytes, list(options.content_types))
    return Reply(Config(options.dev, limits, options.encoding))


async def _state(check: Awaitable[object]) -> str:
    try:
        async with asyncio.timeout(WAIT):
            await check
    except TimeoutError:
        return f"no answer within {WAIT:g} s"
    except Exception as error:
        return str(error).partition("\n")[0] or type(error).__name__
    return "ok"


async def _search(services: Services) -> None:
    (await services.search.get("/_cluster/health")).raise_for_status()


async def _store(services: Services) -> None:
    try:
        await services.objects.head("health")
    except Missing as error:
        if "NoSuchBucket" in str(error):
            raise
