"""The pure core of a view: a batch of records to the writes of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from streams.codec import Codec, Undecodable
from streams.letters import Place, letter, made_up, one_more
from streams.owners import Owners
from streams.processor import Moment, ProcessorError, View
from streams.record import DROP, LETTER, REPLAY, Outgoing, Record, unpack
from streams.sinks import Placed
from streams.tables import Write

Row = tuple[object, ...]  # what names a row, or the rows that are cleared together: table, then columns of the key


@dataclass
class ViewBatch:
    """Writes to confirm, letters to post, and the weight of what has been rejected (`letters.one_more`)."""

    writes: list[Placed] = field(default_factory=list[Placed])
    letters: list[Outgoing] = field(default_factory=list[Outgoing])
    failures: int = 0
    dead: int = 0


class ViewCore:
    """One view on one partition of one of its topics."""

    def __init__(self, view: View, place: Place, codec: Codec, owners: Owners) -> None:
        self._view = view
        self.place = place
        self._codec = codec
        self._owners = owners
        self._reads = frozenset(event.__name__ for event in view.reads)

    def step(self, records: Sequence[Record], failures: int = 0) -> ViewBatch:
        """The writes of `records` in order, those that later ones cover left out.

        A record that the view can't take becomes a dead letter and the view goes on. Raises TooManyDeadLetters,
        and ProcessorError where a column has two writers.
        """
        batch = ViewBatch(failures=failures)
        for record in records:
            if record.value is not None and self._concerns(record):
                self._take(record, batch)
            elif record.text(REPLAY) == self.place.processor:
                self._replay(record, batch)
            elif record.text(DROP) == self.place.processor:
                batch.letters.append(letter(self.place, unpack(record.header(LETTER) or b""), "dropped"))
        batch.writes = coalesced(batch.writes)
        return batch

    def reject(self, record: Record, error: BaseException) -> Outgoing:
        """The dead letter of a record whose writes can't be made, or are refused for good; of a replay, once more."""
        subject = record if record.value is not None else unpack(record.header(LETTER) or b"")
        return letter(self.place, subject, "dead", error)

    def _take(self, record: Record, batch: ViewBatch) -> None:
        try:
            batch.writes += self._writes(record)
            batch.failures = made_up(batch.failures)
        except (MemoryError, ProcessorError):
            raise
        except Exception as error:
            batch.dead += 1
            batch.failures = one_more(self.place, batch.failures, error)
            batch.letters.append(self.reject(record, error))

    def _replay(self, control: Record, batch: ViewBatch) -> None:
        """A dead letter once more, in its own place in the log: what came later stays on top."""
        record = unpack(control.header(LETTER) or b"")
        try:
            batch.writes += self._writes(record)
            batch.letters.append(letter(self.place, record, "replayed"))
        except (MemoryError, ProcessorError):
            raise
        except Exception as error:
            batch.dead += 1
            batch.letters.append(self.reject(record, error))

    def _concerns(self, record: Record) -> bool:
        try:
            return self._codec.name(record.value) in self._reads
        except Undecodable:
            return True  # to be dead-lettered with the reason

    def _writes(self, record: Record) -> list[Placed]:
        event = self._codec.decode(record.value)
        cause = record.text("causation-id")
        moment = Moment(self.place.topic, record.partition, record.offset, record.timestamp, cause)
        given: list[Any] = [event, moment] if self._view.takes_moment else [event]
        writes = _listed(self._view.function(*given))
        self._owners.claim(self._view, self.place.topic, writes)
        return [Placed(write, moment, index) for index, write in enumerate(writes)]


def _listed(made: Write | Iterable[Write] | None) -> list[Write]:
    if made is None:
        return []
    return [made] if isinstance(made, Write) else list(made)


def coalesced(writes: Sequence[Placed]) -> list[Placed]:
    """One partition's writes in the log's order, without those that a later one covers: every cell, or the row.

    A replayed letter's write comes late and belongs in its old place.
    """
    covered: dict[Row, set[str]] = {}
    cleared: set[Row] = set()
    kept: list[Placed] = []
    for placed in sorted(writes, key=_position, reverse=True):
        write = placed.write
        row: Row = (type(write.into), write.into.name, *map(repr, write.key.values()))
        if cleared and not cleared.isdisjoint(row[:length] for length in range(3, len(row) + 1)):
            continue
        if write.clears:
            cleared.add(row)
        elif row in covered and covered[row].issuperset(write.cells):
            continue
        else:
            covered.setdefault(row, set()).update(write.cells)
        kept.append(placed)
    return kept[::-1]


def _position(placed: Placed) -> tuple[int, int]:
    return placed.moment.offset, placed.index
