"""Apply one record to a fold's state: decide first, then change, so that an exception leaves everything as it was."""

from __future__ import annotations

from typing import Any

import msgspec

from streams.calling import call
from streams.codec import Codec
from streams.draft import Draft
from streams.emission import Emission
from streams.entry import Entry
from streams.letters import Place
from streams.processor import KEEP, Fold, Moment, Step
from streams.reading import Reading, read
from streams.record import Outgoing, Record


class Applying:
    """What a batch has come to so far: `outgoing`, and a draft of the state. `clock` is the partition's, in ms."""

    def __init__(self, fold: Fold, place: Place, codec: Codec, emission: Emission, draft: Draft) -> None:
        self._fold = fold
        self._place = place
        self._codec = codec
        self._emission = emission
        self._draft = draft
        self.outgoing: list[Outgoing] = []
        self.clock = 0
        self.index = 0  # of the next event emitted at this record

    def apply(self, key: str | None, record: Record) -> None:
        """Hand the record's event to the fold, unless its key has accepted it before.

        Raises Undecodable, Misplaced, and whatever the fold's function raises.
        """
        known = self._draft.entry(key) if key is not None else None
        reading = read(self._codec, record, known or Entry())
        if self._fold.once and reading.event_id and self._draft.accepted(reading.key, reading.event_id):
            return
        entry = self._draft.entry(reading.key) or Entry()
        moment = Moment(self._place.topic, record.partition, record.offset, self.clock)
        step = call(self._fold, entry.state, reading.event, moment)
        emitted = self._emission.records(step.emit, reading.cause, record.offset, self.index)
        self.index += len(emitted)
        self.outgoing += emitted
        self._settle(entry, step, reading, record.offset)

    def put(self, key: str, entry: Entry[Any], **changes: Any) -> None:
        """Replace these fields of what is known of a key."""
        self._draft.put(key, msgspec.structs.replace(entry, **changes))

    @property
    def forget_at(self) -> int | None:
        """When a key whose last event is now is forgotten (ms)."""
        after = self._fold.forget_after
        return None if after is None else self.clock + after

    def _settle(self, entry: Entry[Any], step: Step[Any], reading: Reading, offset: int) -> None:
        if self._fold.state is not None and step.state is None:
            self._draft.erase(reading.key, offset)
            return
        changes: dict[str, Any] = {"state": step.state}
        if step.wake_at is not KEEP:
            cause = (reading.cause.event_id, reading.cause.correlation_id)
            changes["wake_at"] = step.wake_at
            changes["armed_by"] = None if step.wake_at is None else cause
        if reading.event_id:  # a timer prolongs nothing
            changes["forget_at"] = self.forget_at
            if self._fold.once:
                self._draft.accept(reading.key, reading.event_id)
        self.put(reading.key, entry, **changes)
