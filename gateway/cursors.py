"""Opaque page cursors: a row's key, packed. They are not secret; a bent one is a 422, never a wrong read."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.problems import FieldError, invalid

LONGEST = 500


def encoded(key: Mapping[str, Any] | None) -> str | None:
    if key is None:
        return None
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decoded(cursor: str | None, fields: Mapping[str, type]) -> dict[str, Any] | None:
    """The key in `cursor`, with exactly these fields; raises a 422 problem."""
    if not cursor:
        return None
    try:
        raw = base64.b64decode(cursor[:LONGEST] + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        key = msgspec.json.decode(raw, type=dict[str, int | str])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        key = {}
    wrong = set(key) != set(fields) or any(not isinstance(key[name], kind) for name, kind in fields.items())
    if wrong or any(isinstance(value, int) and not 0 <= value < 1 << 63 for value in key.values()):
        raise invalid([FieldError("cursor", "is not one that a page gave; leave it out for the first page")])
    return key
