"""Cursors of a search: where a page ended, sealed, and bound to what was asked."""

from __future__ import annotations

import base64
import binascii
import hmac

import msgspec

from gateway.finding.question import Asked, Place
from gateway.problems import FieldError, Problem, invalid

SEAL = 12  # bytes of an HMAC-SHA256
LONGEST = 300


class Pages:
    """Makes and reads cursors. `secret` is the installation's, so any of its gateways reads them."""

    def __init__(self, secret: str) -> None:
        self._secret = hmac.digest(secret.encode(), b"playlog search cursors", "sha256")

    def cursor(self, asked: Asked, place: Place) -> str:
        body = msgspec.msgpack.encode(place)
        return base64.urlsafe_b64encode(self._seal(asked, body) + body).decode().rstrip("=")

    def place(self, asked: Asked, cursor: str) -> Place:
        """Raises a 422 problem for a cursor that was not made here for this search."""
        try:
            raw = base64.b64decode(cursor[:LONGEST] + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _bent() from None
        seal, body = raw[:SEAL], raw[SEAL:]
        if not hmac.compare_digest(seal, self._seal(asked, body)):
            raise _bent()
        return msgspec.msgpack.decode(body, type=Place)

    def _seal(self, asked: Asked, body: bytes) -> bytes:
        bound = msgspec.msgpack.encode(msgspec.structs.astuple(asked))
        return hmac.digest(self._secret, bound + body, "sha256")[:SEAL]


def _bent() -> Problem:
    return invalid([FieldError("cursor", "is not one that a page of this search gave; leave it out for the first")])
