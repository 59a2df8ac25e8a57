"""Which address a request is counted under. Pure."""

from __future__ import annotations

import ipaddress

LONGEST = 64


def counted_as(remote: str, forwarded: str, proxies: int) -> str:
    """The client's address; of IPv6 the /64 network, which is the least that one customer is given (RFC 6177).

    `proxies` stand before the gateway and each appended to `forwarded` (X-Forwarded-For): what is left of those a
    client may forge. Where there are fewer, a request came by another way and counts as `remote`.
    """
    named = forwarded.split(",")
    address = named[-proxies].strip() if 0 < proxies <= len(named) and forwarded else remote
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:LONGEST]
    return str(parsed) if parsed.version == 4 else parsed.exploded[:19]
