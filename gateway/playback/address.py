"""Which address a request is counted under."""

from __future__ import annotations

import ipaddress

from aiohttp import web


def address_of(request: web.Request, proxies: int) -> str:
    """The client's address; of IPv6 the /64 network, which is what one customer is given (RFC 6177).

    `proxies` stand before the gateway and each appended to X-Forwarded-For: what is left of those a client may forge.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",") if proxies else []
    address = forwarded[-proxies].strip() if 0 < proxies <= len(forwarded) else request.remote or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return address if parsed.version == 4 else parsed.exploded[:19]
