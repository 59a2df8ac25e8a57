"""Signed media: GET /media/{token}/{video_id}/{path}. Manifests as they stand, segments and pictures from the store."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator

from aiohttp import web

from gateway.measures import MEDIA_BYTES
from gateway.media.links import Expired, Forged
from gateway.media.listing import Listing
from gateway.media.manifests import Manifest
from gateway.problems import Problem, not_found
from gateway.reads import ENCODES
from gateway.route import Call
from gateway.services import Services
from streams.object_streams import stream
from streams.store_errors import StoreDown

SEGMENT = re.compile(r"^([a-z0-9]{1,16})/([0-9a-f]{32}\.(?:m4s|mp4))$")
MANIFEST = re.compile(r"^(?:manifest\.mpd|master\.m3u8|[a-z0-9]{1,16}(?:\.iframes)?\.m3u8)$")
STALLED = 30.0  # seconds
FOREVER = "public, max-age=31536000, immutable"
TYPES = {"m4s": "video/iso.segment", "mp4": "video/mp4", "jpg": "image/jpeg"}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Range, If-None-Match",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Expose-Headers": "Content-Length, Content-Range, ETag",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Timing-Allow-Origin": "*",
}


async def serve_media(call: Call) -> web.StreamResponse:
    """A manifest, a segment or the poster; 403 for a forged token, 410 for one that is over."""
    try:
        return await _answer(call)
    except Problem as problem:
        problem.headers.update(CORS)
        raise


async def preflight(call: Call) -> web.Response:
    """A browser's question whether a page of another origin may read media: it may."""
    return web.Response(status=204, headers=CORS)


async def _answer(call: Call) -> web.StreamResponse:
    services, path = call.services, call.request.match_info["path"]
    _check(services, call.request.match_info["token"], call.video_id)
    if found := SEGMENT.match(path):
        return await _object(call, f"segments/{call.video_id}/{found[1]}/{found[2]}")
    if path != "poster.jpg" and not MANIFEST.match(path):
        raise not_found("media file", path)
    listing = await services.segments.of(call.video_id)
    if listing.deleted:
        raise Problem(410, "deleted", "This video has been deleted.", "Watch another one.")
    if path == "poster.jpg":
        return await _poster(call, listing)
    manifest = services.manifests.rendered(call.video_id, path, listing)
    if manifest is None:
        raise Problem(404, "not-playable", f"There is no {path} yet.", "Ask again soon.", retry_after=1)
    return _manifest(call.request, manifest)


def _check(services: Services, token: str, video_id: str) -> None:
    try:
        services.links.check(token, video_id, time.time())
    except Forged:
        raise Problem(403, "forged-link", "This link is not for this video.", "Ask for the video again.") from None
    except Expired:
        raise Problem(410, "expired-link", "This link has expired.", "Ask for the video again.") from None


async def _poster(call: Call, listing: Listing) -> web.StreamResponse:
    """The poster; as soon as a video's answer names it, though the list of segments is from before."""
    key = listing.poster_key or await _poster_key(call)
    if key is None:
        raise Problem(404, "no-poster", "The poster has not been made yet.", "Ask again soon.", retry_after=2)
    return await _object(call, key, "public, max-age=3600")


async def _poster_key(call: Call) -> str | None:
    encode = await call.services.rows.get(ENCODES, video_id=call.video_id)
    return (encode or {}).get("poster_key")


async def _object(call: Call, key: str, caching: str = FOREVER) -> web.StreamResponse:
    """An object of the store, in pieces. Its name is a hash of its content, so the name is its entity tag."""
    request, tag = call.request, f'"{key.rsplit("/", 1)[-1].partition(".")[0]}"'
    headers = {**CORS, "Cache-Control": caching, "ETag": tag}
    if _known(request, tag):
        return web.Response(status=304, headers=headers)
    async with stream(call.services.objects, key, _range(request, tag)) as found:
        if found.status == 404:
            raise not_found("media file", key.rsplit("/", 1)[-1])
        kept = {name: value for name, value in found.headers.items() if name not in ("ETag", "Cache-Control")}
        kind = TYPES[key.rsplit(".", 1)[-1]]
        response = web.StreamResponse(status=found.status, headers={**kept, **headers, "Content-Type": kind})
        await response.prepare(request)
        if request.method != "HEAD":
            await _passed_on(request, response, found.pieces)
        return response


async def _passed_on(request: web.Request, response: web.StreamResponse, pieces: AsyncIterator[bytes]) -> None:
    """Send the body. What breaks off in the middle ends the connection, so that nobody keeps half a segment."""
    try:
        async for piece in pieces:
            async with asyncio.timeout(STALLED):  # a reader that takes nothing holds a connection of the store
                await response.write(piece)
            MEDIA_BYTES.inc(len(piece))
        await response.write_eof()
    except (StoreDown, TimeoutError, ConnectionError):
        if request.transport is not None:
            request.transport.abort()


def _manifest(request: web.Request, manifest: Manifest) -> web.Response:
    """Compressed where the client takes it (Apple HLS authoring 10.1)."""
    headers = {
        **CORS, "ETag": manifest.etag, "Cache-Control": f"public, max-age={manifest.max_age}",
        "Content-Type": manifest.content_type, "Vary": "Accept-Encoding",
    }  # fmt: skip
    if _known(request, manifest.etag):
        return web.Response(status=304, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=manifest.zipped, headers={**headers, "Content-Encoding": "gzip"})
    return web.Response(body=manifest.plain, headers=headers)


def _known(request: web.Request, tag: str) -> bool:
    """Whether the client has this very version (RFC 9110 13.1.2)."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in given.split(",")]


def _range(request: web.Request, tag: str) -> str | None:
    """The Range header, unless it is about another version (RFC 9110 13.1.5)."""
    condition = request.headers.get("If-Range")
    return request.headers.get("Range") if condition in (None, tag) else None
