"""Turn a record into another with fields of the same names."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

IDENTITY = ("event_id", "occurred_at")


def reshape(value: msgspec.Struct, into: type[T], **more: Any) -> T:
    """`value`'s fields, and `more`, as an `into`; an event's identity does not pass on.

    Raises msgspec.ValidationError where a field of `into` is missing or of another type.
    """
    fields = {k: v for k, v in msgspec.to_builtins(value).items() if k not in IDENTITY}
    return msgspec.convert({**fields, **msgspec.to_builtins(more)}, into)
