"""Tokens for development: POST /v1/dev/token. Only where PLAYLOG_DEV is set and the private key is at hand."""

from __future__ import annotations

import msgspec

from gateway.access.caller import Role
from gateway.access.tokens import LONGEST_SUBJECT, issue
from gateway.problems import FieldError, Problem, invalid
from gateway.route import Call, Reply


class WantedToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For whom."""

    subject: str
    role: Role = "creator"


class Token(msgspec.Struct, frozen=True):
    """`expires_at`: ms since 1970 UTC."""

    token: str
    subject: str
    role: Role
    expires_at: int


async def give_token(call: Call, body: WantedToken) -> Reply[Token]:
    """A token for whoever asks: for development only."""
    key = call.services.secrets.jwt_private
    if not call.services.options.dev or key is None:
        raise Problem(403, "no-development", "This installation gives no development tokens.", "Sign in.")
    if not 0 < len(body.subject.strip()) <= LONGEST_SUBJECT:
        raise invalid([FieldError("subject", f"must have 1 to {LONGEST_SUBJECT} characters")])
    token, expires = issue(key, body.subject.strip(), body.role)
    return Reply(Token(token, body.subject.strip(), body.role, expires * 1000))
