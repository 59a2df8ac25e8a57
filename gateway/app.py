"""The gateway put together: routes, middleware, services; and how it is served and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from aiohttp import web

from gateway.middleware import endpoint, watch
from gateway.options import Options
from gateway.page import serve_page
from gateway.route import MOST_BYTES
from gateway.routes import EVENTS, ROUTES
from gateway.services import SERVICES, open_services
from streams.platform import Platform

log = logging.getLogger("playlog.gateway")
FINISH_WITHIN = 5.0  # seconds that open requests may take after a stop is asked for


def application(platform: Platform, options: Options) -> web.Application:
    """The aiohttp application. It connects when it starts, and fails to start where a server is away."""
    app = web.Application(middlewares=[watch], client_max_size=MOST_BYTES)
    for route in ROUTES:
        app.router.add_route(route.method, route.path, endpoint(route))
        if route.method == "GET" and route.produces != EVENTS:
            app.router.add_route("HEAD", route.path, endpoint(route))
    app.router.add_get("/{path:.*}", serve_page)

    async def connected(app: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app[SERVICES] = await open_services(platform, options, stack)
            yield

    async def leave(app: web.Application) -> None:
        app[SERVICES].feed.close()

    app.cleanup_ctx.append(connected)
    app.on_shutdown.append(leave)
    return app


async def serve(platform: Platform, options: Options) -> None:
    """Serve until SIGINT or SIGTERM; then let open requests end, and close."""
    runner = web.AppRunner(application(platform, options), access_log=None, shutdown_timeout=FINISH_WITHIN)
    await runner.setup()
    try:
        await web.TCPSite(runner, options.host, options.port, reuse_address=True).start()
        log.info("gateway at http://%s:%d", options.host, options.port)
        await _asked_to_stop()
        log.info("gateway stops")
    finally:
        await runner.cleanup()


async def _asked_to_stop() -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    await stop.wait()
