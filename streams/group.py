"""The two sides of a consumer group: what a partition asks of it, and what it tells who hosts the partitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from faust.types import TP


class Pull(NamedTuple):
    """A partition's next records, and the reading positions around them: `before` is where the list begins.

    `end` is the partition's last stable offset, as far as the broker has told.
    """

    before: int
    records: Sequence[Any]
    after: int
    end: int


class Group(Protocol):
    """The part of the consumer that a partition uses; all of it raises KafkaError."""

    async def pull(self, tp: TP, timeout: float, limit: int) -> Pull:
        """Up to `limit` records, an empty list after `timeout` seconds; OffsetOutOfRangeError where they are gone."""
        ...

    async def seek_now(self, tp: TP, offset: int) -> int:
        """Go on reading at this offset, 0 being wherever the log begins; where that is."""
        ...

    def hint(self, tp: TP, offset: int) -> None:
        """Tell the group which offset is read next, for tools that look at lag."""
        ...


class Hosted(Protocol):
    """Who takes care of the partitions: asked on every rebalance, in the application's event loop."""

    topics: Sequence[str]

    async def assigned(self, partitions: Iterable[TP]) -> None:
        """Begin to work on these partitions; returns at once."""
        ...

    async def revoked(self, partitions: Iterable[TP]) -> None:
        """End the work on these partitions; returns when they may be given away."""
        ...

    def failed(self, reason: BaseException) -> None:
        """The group's consumer has died of this; may be called from another thread."""
        ...
