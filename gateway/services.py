"""What the gateway holds open to answer calls: one place that connects all of it, and closes it in order."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from gateway.access.accounts import Accounts
from gateway.access.secrets import Secrets
from gateway.access.tokens import Verifier
from gateway.finding.refreshes import Refreshes
from gateway.media.links import Links
from gateway.media.manifests import Manifests
from gateway.media.segments import Segments
from gateway.media.wanted import Wanted
from gateway.options import Options
from gateway.playback.briefly import Briefly
from gateway.playback.rates import Rate
from gateway.playback.tokens import Tokens
from gateway.reads import FOUND
from gateway.recommending.impressions import Impressions
from gateway.recommending.popular import Popular
from gateway.uploads.recent import Recent
from gateway.videos.feed import Feed
from gateway.videos.written import Written
from streams.ending import end
from streams.log import Log
from streams.multipart import Multipart
from streams.objects import Objects
from streams.opensearch import alias
from streams.platform import Platform
from streams.positions import ServingPositions, ViewPositions
from streams.rows import Rows
from streams.settings import Settings
from streams.tail import Tail


@dataclass(frozen=True)
class Services:
    """Connections and secrets, shared by all requests of one gateway."""

    options: Options
    platform: Platform
    settings: Settings
    secrets: Secrets
    verifier: Verifier
    accounts: Accounts
    links: Links
    log: Log
    rows: Rows
    positions: ViewPositions
    objects: Objects
    multipart: Multipart
    search: httpx.AsyncClient
    segments: Segments
    manifests: Manifests
    wanted: Wanted
    recent: Recent
    described: Written
    tokens: Tokens
    sessions: Rate
    addresses: Rate
    numbers: Briefly[Any]
    lists: Rate
    queries: Rate
    refreshes: Refreshes
    popular: Popular
    impressions: Impressions
    feed: Feed


NUMBERS_FOR = 0.25  # seconds
SERVICES: web.AppKey[Services] = web.AppKey("services", Services)


async def open_services(platform: Platform, options: Options, stack: AsyncExitStack) -> Services:
    """Connect to every server; `stack` closes it all. Raises what says which server does not answer."""
    settings = platform.settings
    secrets = Secrets.load(Path(settings.home))
    codec = await platform.codec()
    rows = await stack.enter_async_context(Rows(settings))
    objects = await stack.enter_async_context(Objects(settings))
    log = await stack.enter_async_context(Log(settings, platform.catalogue, codec))
    positions = await stack.enter_async_context(ServingPositions(settings, rows.serving))
    search = await stack.enter_async_context(httpx.AsyncClient(base_url=settings.opensearch, timeout=5))
    services = Services(
        options=options, platform=platform, settings=settings, secrets=secrets,
        verifier=Verifier.of(secrets.jwt_public, secrets.pseudonym),
        links=Links(secrets.media, options.watch_expiry, options.edge),
        accounts=Accounts(rows, log, positions, options.settle_wait),
        log=log, rows=rows, positions=positions, objects=objects,
        multipart=Multipart(objects), segments=Segments(rows), manifests=Manifests(), wanted=Wanted(log),
        recent=Recent(), described=Written(), feed=Feed(), tokens=Tokens.of(secrets.pseudonym),
        sessions=Rate(options.beacons_per_session, options.beacons_per_session * 200),
        addresses=Rate(options.beacons_per_address, options.beacons_per_address * 10),
        numbers=Briefly(NUMBERS_FOR),
        lists=Rate(options.lists_per_address, options.lists_per_address * 10),
        queries=Rate(options.queries_per_address, options.queries_per_address * 10), refreshes=Refreshes(),
        search=search, popular=Popular(search, alias(settings, FOUND), options.trending_viewers),
        impressions=await stack.enter_async_context(Impressions(log)),
    )  # fmt: skip
    for listening in (services.feed.run, services.accounts.follow):
        following = asyncio.create_task(listening(Tail(settings, codec)))
        stack.push_async_callback(end, following)
    return services
