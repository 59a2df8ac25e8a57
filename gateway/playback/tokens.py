"""Playback tokens: who watches what in which session, signed, so that beacons need no account and no look-up.

A token is base64url over 1 byte version, 16 session, 16 video, 4 expiry (Unix seconds), 6 duration (ms), the
viewer's pseudonym, and the first 16 bytes of an HMAC-SHA256 over all of that (RFC 2104, section 5: truncation).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property

from streams.event import made_at

LIFETIME = 6 * 3600 * 1000  # ms; `count_views` remembers a session for longer
LONGEST = 400  # characters
VERSION = 1
BODY = struct.Struct(">B16s16sI6s")
SIGNATURE = 16
KNOWN_AT_MOST = 50_000  # verified tokens; what is forgotten is verified again


class Forged(ValueError):
    """The token was not made with this installation's secret."""


@dataclass(frozen=True)
class Session:
    """One viewing of one video. Times are ms since 1970; `duration_ms` is 0 where it was not known yet."""

    session_id: str
    video_id: str
    viewer_id: str
    duration_ms: int
    expires_at: int

    @cached_property
    def began(self) -> int:
        """From the session's id, a UUIDv7."""
        return made_at(self.session_id)


@dataclass
class Tokens:
    """Makes and reads tokens. Verified ones are kept, so each costs one signature a gateway."""

    secret: bytes
    _known: OrderedDict[str, Session] = field(default_factory=OrderedDict[str, Session])

    @classmethod
    def of(cls, installation_secret: str) -> Tokens:
        """With a secret of their own, derived from one that stays with the gateways."""
        return cls(hmac.digest(installation_secret.encode(), b"playlog playback tokens", "sha256"))

    def make(self, session: Session) -> str:
        body = BODY.pack(
            VERSION, uuid.UUID(session.session_id).bytes, uuid.UUID(session.video_id).bytes,
            session.expires_at // 1000, session.duration_ms.to_bytes(6, "big"),
        ) + session.viewer_id.encode()  # fmt: skip
        return base64.urlsafe_b64encode(body + self._sign(body)).decode().rstrip("=")

    def read(self, token: str) -> Session:
        """The session that a token was made for, expired or not; raises Forged."""
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = self._verified(token)
            if len(self._known) > KNOWN_AT_MOST:
                self._known.popitem(last=False)
        return known

    def _verified(self, token: str) -> Session:
        try:
            raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise Forged from None
        body, signature = raw[:-SIGNATURE], raw[-SIGNATURE:]
        if len(body) <= BODY.size or not hmac.compare_digest(self._sign(body), signature):
            raise Forged
        _, session, video, expires, duration = BODY.unpack_from(body)
        return Session(
            str(uuid.UUID(bytes=session)), str(uuid.UUID(bytes=video)), body[BODY.size :].decode(),
            int.from_bytes(duration, "big"), expires * 1000,
        )  # fmt: skip

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self.secret, body, "sha256")[:SIGNATURE]
