"""The port between a view and where its writes go: a sink confirms writes, positions say how far a view has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, Self

import msgspec

from streams.processor import Moment
from streams.tables import Write
from streams.versions import Versions


class Placed(msgspec.Struct, frozen=True):
    """A write and its place in the log: the record it follows from, and which write of that record it is."""

    write: Write
    moment: Moment
    index: int


class SinkDown(RuntimeError):
    """The store did not confirm: some writes may be missing. Writing the same batch again is safe."""


class SinkRefused(RuntimeError):
    """The store will never take these writes; the text says which and why. Trying again does not help."""


class Sink(Protocol):
    """Takes the writes of views. Repeating a write changes nothing; an older one never covers a newer one."""

    async def open(self) -> None:
        """Connect and prepare; raises SinkDown where the store does not answer."""
        ...

    async def at(self, versions: Versions) -> Self:
        """The same sink for these versions of what is written into; it is closed with the first. Raises SinkDown."""
        ...

    async def close(self) -> None: ...

    async def write(self, writes: Sequence[Placed]) -> None:
        """Return when every write is confirmed; raises SinkDown or SinkRefused otherwise."""
        ...


class Positions(Protocol):
    """How far each view has applied each topic: where it resumes, and what read-your-writes waits for."""

    async def applied(self, view: str, topic: str) -> Mapping[int, int]:
        """The last applied offset by partition; a partition never published is absent."""
        ...

    async def publish(self, view: str, topic: str, partition: int, offset: int) -> None:
        """Record that everything up to and with `offset` is confirmed in the view's stores."""
        ...
