"""The order of writes: a record's place packed into one number that stores can compare."""

from __future__ import annotations

from streams.sinks import Placed

EPOCH_BITS, OFFSET_BITS, INDEX_BITS = 8, 43, 12


def stamp(epoch: int, offset: int, index: int) -> int:
    """A positive 63-bit number: epoch (8 bits) | offset (43 bits) | index (12 bits), most significant first.

    So a later record beats an earlier one of its partition, a later write of a record an earlier one, and
    a topic made anew (its offsets start at 0 again) beats its former self by its epoch. Offsets of two
    topics, or of two partitions, can't be compared: a column belongs to one topic, a row to one partition.
    Raises OverflowError where a part does not fit (4,096 writes a record; 8.8 million million offsets).
    """
    if 0 <= epoch < 1 << EPOCH_BITS and 0 <= offset < 1 << OFFSET_BITS and 0 <= index < 1 << INDEX_BITS:
        return (epoch << OFFSET_BITS | offset) << INDEX_BITS | index
    raise OverflowError(
        f"epoch {epoch}, offset {offset} or index {index} does not fit its part of a write's stamp: "
        f"{EPOCH_BITS}, {OFFSET_BITS} and {INDEX_BITS} bits"
    )


def stamp_of(placed: Placed, epoch: int) -> int:
    """The stamp of a view's write."""
    return stamp(epoch, placed.moment.offset, placed.index)
