"""Signed links to a video's media, in the form nginx's `secure_link` module checks.

A token is `<expires>.<base64url(md5("<expires><video_id> <secret>"))>`; nginx: `secure_link_md5
"$expires$video_id $secret"`. MD5 is nginx's; as a keyed prefix-free hash over a fixed form it is enough here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

STEP = 3600  # links of one hour are equal, so that caches and players see one URL


class Forged(ValueError):
    """The token was not made with this installation's secret for this video."""


class Expired(ValueError):
    """The token was genuine and is over."""


@dataclass(frozen=True)
class Links:
    """Signs and checks. `lifetime` in seconds; a link lives that long and at most an hour longer.

    `edge`: the address of the cache in front, without a slash at its end; empty where the gateway serves media.
    """

    secret: str
    lifetime: int
    edge: str = ""

    def media(self, video_id: str, now: float) -> str:
        """Where a video's media are: `/master.m3u8`, `/manifest.mpd` and `/poster.jpg` follow. `now` in seconds."""
        return f"{self.edge}/media/{self.token(video_id, now)}/{video_id}"

    def token(self, video_id: str, now: float) -> str:
        expires = (int(now) // STEP + 1) * STEP + self.lifetime
        return f"{expires}.{self._sign(expires, video_id)}"

    def check(self, token: str, video_id: str, now: float) -> None:
        """Raises Forged or Expired."""
        expires, _, signature = token.partition(".")
        if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
            raise Forged
        if not hmac.compare_digest(self._sign(int(expires), video_id).encode(), signature.encode()):
            raise Forged
        if int(expires) < now:
            raise Expired

    def _sign(self, expires: int, video_id: str) -> str:
        digest = hashlib.md5(f"{expires}{video_id} {self.secret}".encode(), usedforsecurity=False).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
