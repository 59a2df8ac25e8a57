"""The pure core of a fold: a batch of records and a store's contents, to one transaction's contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from streams.calling import call
from streams.catalogue import Catalogue
from streams.codec import Codec, Undecodable
from streams.draft import Draft, entry_decoder
from streams.emission import Emission
from streams.entry import APPLIED, FORGET, Applied, Entry, Timer
from streams.letters import Fate, Place, check_row, letter
from streams.processor import KEEP, Fold, Moment, Step
from streams.reading import Reading, read
from streams.record import DROP, KEY, LETTER, REPLAY, Outgoing, Record, unpack
from streams.store import Changes, Store


@dataclass(frozen=True)
class Batch:
    """What one transaction writes, and what the store holds once it is through.

    `changes` go to the changelog and the store, `index` to the store alone. `due` is when the next timer is.
    """

    outgoing: Sequence[Outgoing]
    changes: Changes
    index: Changes
    applied: Applied
    due: int | None
    dead: int

    @property
    def changelog(self) -> Changes:
        return {**self.changes, APPLIED: msgspec.msgpack.encode(self.applied)}


class FoldCore:
    """One fold on one partition. Deterministic: however records are cut into batches, the outcome is the same."""

    def __init__(self, fold: Fold, place: Place, catalogue: Catalogue, codec: Codec) -> None:
        self.fold = fold
        self.place = place
        self.codec = codec
        self.emission = Emission(place, catalogue, codec, fold.emits)
        self.reads = frozenset(event.__name__ for event in fold.reads)
        self._decoder = entry_decoder(fold.state)

    def step(self, store: Store, applied: Applied, records: Sequence[Record]) -> Batch:
        """Apply `records` in order; raises TooManyDeadLetters, and nothing that a fold's function raises."""
        run = FoldRun(self, Draft(store, self._decoder), applied)
        for record in records:
            run.take(record)
        return run.batch()

    def entry(self, store: Store, key: str) -> Entry[Any] | None:
        """What a store holds of a key."""
        return Draft(store, self._decoder).entry(key)

    def entries(self, store: Store) -> Iterator[tuple[str, Entry[Any]]]:
        """All that a store holds, by key."""
        for key, raw in store.scan(b"k"):
            yield key[1:].decode(), self._decoder.decode(raw)


class FoldRun:
    """One batch on its way through a fold."""

    def __init__(self, core: FoldCore, draft: Draft, applied: Applied) -> None:
        self._core = core
        self._fold = core.fold
        self._draft = draft
        self._applied = applied
        self._clock, self._failures = applied.clock, applied.failures
        self._offset = applied.offset
        self._outgoing: list[Outgoing] = []
        self._dead = 0
        self._index = 0  # of the next event emitted at this record

    def take(self, record: Record) -> None:
        """Move the clock, fire what is due, then apply the record."""
        self._clock = max(self._clock, record.timestamp)
        self._index = 0
        for timer in self._draft.timers.due(self._clock):
            self._fire(timer, record)
        if record.value is None:
            self._control(record)
        elif self._concerns(record):
            self._handle(_key(record), record)
        self._offset = record.offset

    def batch(self) -> Batch:
        applied = Applied(self._offset, self._clock, self._failures, self._applied.source)
        return Batch(
            self._outgoing, self._draft.changes(), self._draft.timers.index(), applied,
            self._draft.timers.first(), self._dead,
        )  # fmt: skip

    def _fire(self, timer: Timer, record: Record) -> None:
        entry = self._draft.entry(timer.key) or Entry()
        if timer.kind == FORGET:
            if entry.parked:  # the clock of a parked key stands still
                self._put(timer.key, entry, forget_at=None)
            else:
                self._draft.drop(timer.key)
            return
        self._put(timer.key, entry, wake_at=None)
        at, key = record.timestamp, timer.key.encode()
        self._handle(
            timer.key,
            Record(record.partition, record.offset, at, key, None, wake=timer.due),
        )

    def _control(self, record: Record) -> None:
        name = self._core.place.processor
        verb = next((verb for verb in (REPLAY, DROP) if record.text(verb) == name), None)
        if verb is None:
            return
        if record.header(KEY) is None:
            self._once_more(unpack(record.header(LETTER) or b""), verb)
            return
        if verb == DROP:
            self._give_up(record.text(KEY))
        self._resume(record.text(KEY))

    def _once_more(self, record: Record, verb: str) -> None:
        """A dead letter without a key: nothing waits behind it."""
        if verb == DROP:
            self._write(record, "dropped")
        elif self._again(None, record):
            self._write(record, "replayed")

    def _concerns(self, record: Record) -> bool:
        try:
            return self._core.codec.name(record.value) in self._core.reads
        except Undecodable:
            return True  # to be dead-lettered with the reason

    def _handle(self, key: str | None, record: Record) -> None:
        """Apply; or park behind the key's dead letter; or make it one."""
        if key is not None and (entry := self._draft.entry(key)) and entry.parked:
            self._write(record, "parked")
            self._draft.park(key, record)
            return
        try:
            self._apply(key, record)
            self._failures = 0
        except MemoryError:
            raise
        except Exception as error:
            self._failures += 1
            check_row(self._core.place, self._failures, error)
            self._reject(key, record, error)

    def _reject(self, key: str | None, record: Record, error: Exception) -> None:
        self._dead += 1
        self._write(record, "dead", error)
        if key is not None:
            self._draft.park(key, record)

    def _give_up(self, key: str) -> None:
        for number, record in self._draft.parked(key)[:1]:
            self._draft.unpark(key, number)
            self._write(record, "dropped")

    def _resume(self, key: str) -> None:
        """Apply what is parked, in order, up to the first that is rejected again."""
        for number, record in self._draft.parked(key):
            if not self._again(key, record):
                return
            self._draft.unpark(key, number)
            self._write(record, "replayed")
        entry = self._draft.entry(key)
        if entry is not None and entry.forget_at is None:
            self._put(key, entry, forget_at=self._forget_at())

    def _again(self, key: str | None, record: Record) -> bool:
        """Apply a dead letter; rejected again, it counts for no row: somebody is looking after it."""
        self._index = 0
        try:
            self._apply(key, record)
        except MemoryError:
            raise
        except Exception as error:
            self._dead += 1
            self._write(record, "dead", error)
            return False
        return True

    def _apply(self, key: str | None, record: Record) -> None:
        """Decide, then change: an exception leaves everything as it was."""
        entry = (self._draft.entry(key) if key is not None else None) or Entry()
        reading = read(self._core.codec, record, entry)
        key, event = reading.key, reading.event
        entry = self._draft.entry(key) or Entry()
        if self._fold.once and reading.event_id and self._draft.accepted(key, reading.event_id):
            return  # fmt: skip
        place = self._core.place
        moment = Moment(place.topic, record.partition, record.offset, self._clock)
        step = call(self._fold, entry.state, event, moment)
        emitted = self._core.emission.records(step.emit, reading.cause, record.offset, self._index)
        self._index += len(emitted)
        self._outgoing += emitted
        self._settle(entry, step, reading)

    def _settle(self, entry: Entry[Any], step: Step[Any], reading: Reading) -> None:
        if self._fold.state is not None and step.state is None:
            self._draft.drop(reading.key)
            return
        changes: dict[str, Any] = {"state": step.state}
        if step.wake_at is not KEEP:
            cause = (reading.cause.event_id, reading.cause.correlation_id)
            changes["wake_at"] = step.wake_at
            changes["armed_by"] = None if step.wake_at is None else cause
        if reading.event_id:
            changes["forget_at"] = self._forget_at()
            if self._fold.once:
                self._draft.accept(reading.key, reading.event_id)
        self._put(reading.key, entry, **changes)

    def _forget_at(self) -> int | None:
        after = self._fold.forget_after
        return None if after is None else self._clock + after

    def _put(self, key: str, entry: Entry[Any], **changes: Any) -> None:
        self._draft.put(key, msgspec.structs.replace(entry, **changes))

    def _write(self, record: Record, fate: Fate, error: BaseException | None = None) -> None:
        self._outgoing.append(letter(self._core.place, record, fate, error))


def _key(record: Record) -> str | None:
    return None if record.key is None else record.key.decode(errors="backslashreplace")
