"""What the confined process and its parent say to each other: frames of msgpack, each behind its length.

The parent sends a Brief, then one frame of raw bytes for each Wanted. The child sends Wanted, what it makes, and
at last Finished or Failed. Nothing that arrives is ever executed (no pickle).
"""

from __future__ import annotations

import struct

import msgspec

from processors.media.jobs import Job
from processors.media.made import Made
from processors.media.model import Value

BLOCK_BYTES = 1 << 20
MOST_FRAME_BYTES = 512 << 20
LENGTH = struct.Struct(">I")


class Brief(Value, tag=True, frozen=True, kw_only=True):
    """The job, the source's size and what the child must hold itself to; `whole`: all of the source is there."""

    job: Job
    size: int
    whole: bool = True
    memory_bytes: int
    cpu_s: int


class Wanted(Value, tag=True, frozen=True, kw_only=True):
    """Ask for block `index` of the source, BLOCK_BYTES long (the last one shorter)."""

    index: int


class Failed(Value, tag=True, frozen=True, kw_only=True):
    """The job can't be done. `fault`: "source", "memory", "rung" (named by `code`), "device" or "bug"."""

    fault: str
    code: str
    message: str


class Finished(Value, tag=True, frozen=True, kw_only=True):
    """The job is done."""


FromChild = Wanted | Failed | Finished | Made
from_child = msgspec.msgpack.Decoder(FromChild)
from_parent = msgspec.msgpack.Decoder(Brief)


def framed(message: FromChild | Brief) -> bytes:
    data = msgspec.msgpack.encode(message)
    return LENGTH.pack(len(data)) + data
