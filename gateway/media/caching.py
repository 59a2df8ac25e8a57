"""What caches and other origins' pages may do with media (RFC 9111, RFC 5861, the Fetch standard)."""

from __future__ import annotations

from aiohttp import web

NEVER = "no-store"
FOREVER = "public, max-age=31536000, immutable"  # content-addressed: an address has one content
# A growing manifest is at most three seconds old. For two of them a cache hands out what it has while it asks, so
# that a crowd asks us once; longer, and a player that waits for the next segment would learn of it too late.
GROWING = "public, max-age=1, stale-while-revalidate=2, stale-if-error=60"
# Of a complete one to which codecs will be added, an old one plays as well: those are a gain, not a need.
GAINING = "public, max-age=10, stale-while-revalidate=10, stale-if-error=60"
# A settled one changes when the video is encoded anew or deleted; that takes five minutes to be seen.
WHOLE = "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400"
PICTURE = "public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400"

CMCD = "CMCD-Request, CMCD-Object, CMCD-Status, CMCD-Session"  # CTA-5004: what a player tells of itself
CORS = {
    "Access-Control-Allow-Origin": "*",  # the token is the permission, whatever page plays
    "Access-Control-Allow-Headers": f"Range, If-Range, If-None-Match, {CMCD}",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, Date, ETag, X-Cache",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Timing-Allow-Origin": "*",  # players measure throughput by resource timing, which is hidden otherwise
    "X-Content-Type-Options": "nosniff",
}


def known(request: web.Request, tag: str) -> bool:
    """Whether the client has this very version (RFC 9110 13.1.2: by the weak comparison)."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in given.split(",")]


def gzips(accepted: str) -> bool:
    """Whether an Accept-Encoding takes gzip (RFC 9110 12.5.3): by name or by `*`, not with a weight of 0."""
    weights = dict(map(_weighted, accepted.lower().split(",")))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weighted(item: str) -> tuple[str, float]:
    name, _, parameter = item.partition(";")
    weight = parameter.strip().removeprefix("q=").strip()
    try:
        return name.strip(), float(weight or 1)
    except ValueError:
        return name.strip(), 0.0
