"""The web page: files built into `gateway/web/dist`, and `index.html` for the page's own addresses."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from gateway.problems import Problem
from gateway.services import SERVICES, Services

ROUTES = re.compile(r"^/(upload|library|search|sign-in|watch/[\w.-]+)?/?$")
HASHED = re.compile(r"^assets/.*-[\w-]{8,}\.\w+$")  # Vite names assets by their content
FOREVER = "public, max-age=31536000, immutable"
NOT_BUILT = (
    "<!doctype html><meta charset=utf-8><title>Playlog</title><h1>The web page is not built</h1>"
    "<p>Run <code>make web</code> (or <code>npm ci && npm run build</code> in <code>gateway/web</code>) and reload. "
    'The HTTP interface works: <a href="/openapi.json">/openapi.json</a>.'
)


async def serve_page(request: web.Request) -> web.StreamResponse:
    """A built file, or the page itself for one of its addresses; a 404 problem for all else."""
    services = request.app[SERVICES]
    root = services.options.web.resolve()
    if ROUTES.match(request.path):
        return _index(root, services)
    path = _inside(root, request.path)
    if path is None:
        raise Problem(404, "not-found", "There is nothing at this address.", "The page is at /, the calls under /v1.")
    return _file(root, path)


def _inside(root: Path, address: str) -> Path | None:
    """The built file at an address; None for what is no file of the folder."""
    try:
        path = (root / address.lstrip("/")).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (ValueError, OSError):  # a null byte, a name that is too long
        return None


def _file(root: Path, path: Path) -> web.StreamResponse:
    hashed = HASHED.match(path.relative_to(root).as_posix())
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return web.FileResponse(path, headers={"Cache-Control": FOREVER if hashed else "no-cache", "Content-Type": kind})


def _index(root: Path, services: Services) -> web.StreamResponse:
    file = root / "index.html"
    if not file.is_file():
        return web.Response(status=503, text=NOT_BUILT, content_type="text/html", headers={"Retry-After": "30"})
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy(services), "X-Frame-Options": "DENY"}
    return web.Response(body=file.read_bytes(), content_type="text/html", charset="utf-8", headers=headers)


def policy(services: Services) -> str:
    """The page may load from here and from the edge, and talk to the store that it sends files to."""
    store = urlsplit(services.settings.s3_public or services.settings.s3)
    media = f"'self' {services.options.edge}".rstrip()
    return (
        f"default-src 'self'; connect-src {media} {store.scheme}://{store.netloc}; img-src {media} blob: data:; "
        f"media-src {media} blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
