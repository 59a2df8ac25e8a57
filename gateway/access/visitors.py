"""Who watches: an account's pseudonym, a visitor's, or one for this once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Annotated

from msgspec import Meta

from gateway.route import Call

Visitor = Annotated[str, Meta(min_length=1, max_length=64)]  # made up and kept by the client, known to nobody else


def viewer_of(call: Call, visitor: str | None) -> str:
    """`acct-…` of who is signed in, else `anon-…`: of the visitor string, always the same, or of nobody, new each time.

    The string itself is not kept; without the secret the pseudonym does not lead back to it.
    """
    if call.known is not None:
        return call.known.owner
    return anonymous(visitor, call.services.secrets.pseudonym) if visitor else f"anon-{secrets.token_hex(16)}"


def anonymous(visitor: str, secret: str) -> str:
    """A visitor's pseudonym; no account's, whatever the string."""
    return "anon-" + hmac.new(secret.encode(), b"visitor\x1f" + visitor.encode(), hashlib.sha256).hexdigest()[:32]
