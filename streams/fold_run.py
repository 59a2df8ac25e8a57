"""One batch on its way through a fold: time, timers, and the fates of records."""

from __future__ import annotations

from streams.applying import Applying
from streams.codec import Codec, Undecodable
from streams.draft import Draft
from streams.entry import FORGET, Applied, Entry, Timer
from streams.letters import Fate, Place, letter, made_up, one_more
from streams.processor import Fold
from streams.record import DROP, KEY, LETTER, Record, unpack, verb_of


class FoldRun:
    """Takes the records of a batch in order; `dead` counts those it rejected."""

    def __init__(
        self, fold: Fold, place: Place, codec: Codec, draft: Draft, applying: Applying, applied: Applied
    ) -> None:
        self._place = place
        self._codec = codec
        self._draft = draft
        self._applying = applying
        self._reads = frozenset(event.__name__ for event in fold.reads)
        self._clock, self._failures = applied.clock, applied.failures
        self._offset, self._source = applied.offset, applied.source
        self.dead = 0

    @property
    def applied(self) -> Applied:
        """How far the partition has come with the records taken."""
        return Applied(self._offset, self._clock, self._failures, self._source)

    def take(self, record: Record) -> None:
        """Move the clock, fire what is due, then apply the record."""
        self._clock = self._applying.clock = max(self._clock, record.timestamp)
        self._applying.index = 0
        for timer in self._draft.timers.due(self._clock):
            self._fire(timer, record)
        if record.value is None:
            self._control(record)
        elif self._concerns(record):
            self._handle(key_of_state(record), record)
        self._offset = record.offset

    def _fire(self, timer: Timer, record: Record) -> None:
        entry = self._draft.entry(timer.key) or Entry()
        if timer.kind != FORGET:
            self._applying.put(timer.key, entry, wake_at=None)
            at, key = record.timestamp, timer.key.encode()
            self._handle(timer.key, Record(record.partition, record.offset, at, key, None, wake=timer.due))
        elif entry.parked:  # the clock of a parked key stands still
            self._applying.put(timer.key, entry, forget_at=None)
        else:
            self._draft.drop(timer.key)

    def _concerns(self, record: Record) -> bool:
        try:
            return self._codec.name(record.value) in self._reads
        except Undecodable:
            return True  # to be dead-lettered with the reason

    def _handle(self, key: str | None, record: Record) -> None:
        """Apply; or park behind the key's dead letter; or make it one."""
        if key is not None and (entry := self._draft.entry(key)) and entry.parked:
            self._write(record, "parked")
            self._draft.park(key, record)
            return
        error = self._attempt(key, record)
        if error is None:
            self._failures = made_up(self._failures)
            return
        self._failures = one_more(self._place, self._failures, error)
        self._write(record, "dead", error)
        if key is not None:
            self._draft.park(key, record)

    def _control(self, record: Record) -> None:
        """A replay or a drop, if it is meant for this fold. One without a key has nothing waiting behind it."""
        verb = verb_of(record, self._place.processor)
        if verb is None:
            return
        if record.header(KEY) is None:
            waiting: list[tuple[int | None, Record]] = [(None, unpack(record.header(LETTER) or b""))]
        else:
            waiting = [*self._draft.parked(record.text(KEY))]
        self._resume(record.text(KEY), waiting, give_up=verb == DROP)

    def _resume(self, key: str, waiting: list[tuple[int | None, Record]], give_up: bool) -> None:
        """Apply what waits, in order, up to the first that is rejected again: which has no weight."""
        for number, record in waiting:
            self._applying.index = 0
            dropped, give_up = give_up, False
            error = None if dropped else self._attempt(None if number is None else key, record)
            if error is not None:
                self._write(record, "dead", error)
                return
            if number is not None:
                self._draft.unpark(key, number)
            self._write(record, "dropped" if dropped else "replayed")
        entry = self._draft.entry(key)
        if entry is not None and entry.forget_at is None:
            self._applying.put(key, entry, forget_at=self._applying.forget_at)

    def _attempt(self, key: str | None, record: Record) -> Exception | None:
        """Apply a record; what it was rejected with."""
        try:
            self._applying.apply(key, record)
        except MemoryError:
            raise
        except Exception as error:
            self.dead += 1
            return error
        return None

    def _write(self, record: Record, fate: Fate, error: BaseException | None = None) -> None:
        self._applying.outgoing.append(letter(self._place, record, fate, error))


def key_of_state(record: Record) -> str | None:
    """The key under which a record finds its fold's state."""
    return None if record.key is None else record.key.decode(errors="backslashreplace")
