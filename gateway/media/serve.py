"""Signed media: GET /media/{token}/{video_id}/{path}. Manifests as they stand, segments and pictures from the store."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator

from aiohttp import web

from gateway.captions.shown import CHAPTERS, chapter_file, chapters_of
from gateway.measures import MEDIA_BYTES
from gateway.media import refusals
from gateway.media.caching import CORS, FOREVER, NEVER, PICTURE, gzips, known
from gateway.media.links import Expired, Forged
from gateway.media.listing import Listing
from gateway.media.manifests import Manifest
from gateway.problems import Problem
from gateway.reads import ENCODES, VIDEOS
from gateway.route import Call
from gateway.services import Services
from gateway.videos.pictures import POSTER, PREVIEW, STORYBOARD, keys_of
from streams.object_streams import stream
from streams.store_errors import StoreDown

NAME = r"[a-z0-9][a-z0-9.-]{0,47}"  # of a track: 720p-hevc, audio-5.1, text-pt-br
SEGMENT = re.compile(rf"^({NAME})/([0-9a-f]{{32}}\.(?:m4s|mp4|vtt))$")
MANIFEST = re.compile(rf"^(?:manifest(?:-[0-9a-f]{{8}})?\.mpd|{NAME}\.m3u8)$")
VERSION = re.compile(r"^(?:manifest|master)-([0-9a-f]{8})\.")
NAMED = (POSTER, STORYBOARD, PREVIEW)
TOLD = (*NAMED, CHAPTERS)
STALLED = 30.0  # seconds
PICTURE_FILE = re.compile(r"^pictures/([0-9a-f]{32}\.(?:jpg|webp))$")
TYPES = {
    "m4s": "video/iso.segment", "mp4": "video/mp4", "jpg": "image/jpeg", "webp": "image/webp", "vtt": "text/vtt",
}  # fmt: skip


async def serve_media(call: Call) -> web.StreamResponse:
    """A manifest, a segment or a picture; 403 for a forged token, 410 for one that is over."""
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
    if found := PICTURE_FILE.match(path):
        return await _object(call, f"pictures/{call.video_id}/{found[1]}")
    if path not in TOLD and not MANIFEST.match(path):
        raise refusals.unknown(path)
    versioned = VERSION.search(path)
    listing = await services.segments.of(call.video_id, versioned[1] if versioned else "")
    if listing.deleted:
        raise refusals.deleted()
    if path in NAMED:
        return await _picture(call, path, listing)
    if path == CHAPTERS:
        return await _chapters(call)
    manifest = services.manifests.rendered(call.video_id, path, listing)
    if manifest is None:
        raise refusals.not_playable(path)
    if listing.unplayed:
        services.wanted.again(call.video_id, listing.encode_id)
    return _manifest(call.request, manifest)


def _check(services: Services, token: str, video_id: str) -> None:
    try:
        services.links.check(token, video_id, time.time())
    except Forged:
        raise refusals.forged() from None
    except Expired:
        raise refusals.expired() from None


async def _picture(call: Call, name: str, listing: Listing) -> web.StreamResponse:
    """A picture by its name; as soon as a video's answer names it, though the list of segments is from before."""
    key = listing.pictures.get(name) or (await _pictures(call)).get(name)
    if key is None:
        raise refusals.no_picture(name)
    return await _object(call, key, PICTURE)


async def _chapters(call: Call) -> web.Response:
    """The source's chapters as WebVTT; without a cue where it names none."""
    row = await call.services.rows.get(VIDEOS, video_id=call.video_id)
    headers = {**CORS, "Cache-Control": PICTURE, "Content-Type": TYPES["vtt"]}
    return web.Response(body=chapter_file(chapters_of(row)), headers=headers)


async def _pictures(call: Call) -> dict[str, str]:
    rows = call.services.rows
    encode, video = await asyncio.gather(
        rows.get(ENCODES, video_id=call.video_id), rows.get(VIDEOS, video_id=call.video_id)
    )
    return keys_of(encode, video)


async def _object(call: Call, key: str, caching: str = FOREVER) -> web.StreamResponse:
    """An object of the store, in pieces. Its name is a hash of its content, so the name is its entity tag."""
    request, tag = call.request, f'"{key.rsplit("/", 1)[-1].partition(".")[0]}"'
    headers = {**CORS, "Cache-Control": caching, "ETag": tag}
    if known(request, tag):
        return web.Response(status=304, headers=headers)
    async with stream(call.services.objects, key, _range(request, tag)) as found:
        if found.status == 404:
            raise refusals.unknown(key.rsplit("/", 1)[-1])
        if found.status == 416:  # says something of the request, not of the object
            headers["Cache-Control"] = NEVER
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
    """Compressed where the client takes it (Apple HLS authoring 10.1): another form, so with a tag of its own."""
    zipped = gzips(request.headers.get("Accept-Encoding", ""))
    headers = {
        **CORS, "Cache-Control": manifest.caching, "Content-Type": manifest.content_type,
        "ETag": manifest.etag_zipped if zipped else manifest.etag, "Vary": "Accept-Encoding",
    }  # fmt: skip
    for tag in (manifest.etag, manifest.etag_zipped):  # the copy that a client has is current in either form
        if known(request, tag):
            return web.Response(status=304, headers={**headers, "ETag": tag})
    if zipped:
        return web.Response(body=manifest.zipped, headers={**headers, "Content-Encoding": "gzip"})
    return web.Response(body=manifest.plain, headers=headers)


def _range(request: web.Request, tag: str) -> str | None:
    """The Range header, unless it is about another version (RFC 9110 13.1.5)."""
    condition = request.headers.get("If-Range")
    return request.headers.get("Range") if condition in (None, tag) else None
