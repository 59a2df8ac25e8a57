"""Reading dead letters, and the records that have one tried again or given up.

Such a record goes into the topic and partition that the letter came from, where its processor alone minds it:
what it does has its place in the log. A fold then applies everything parked under the letter's key, in order, up to
the first that is rejected again (after a drop, without the first); a view applies the one record in its old place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from streams.letters import Fate
from streams.record import DROP, KEY, LETTER, REPLAY, Headers, Outgoing, Record, pack

SOURCE = "source-"


@dataclass(frozen=True)
class Letter:
    """A dead letter as it lies in `{processor}-dlq`. `record` is what was rejected; `error` and `stack` say why."""

    processor: str
    version: str
    fate: Fate
    topic: str
    record: Record
    error: str
    stack: str

    @property
    def place(self) -> tuple[str, int, int, int | None]:
        """What the letter is about: later letters about the same place say what became of it."""
        return self.topic, self.record.partition, self.record.offset, self.record.wake

    def replay(self) -> Outgoing:
        """The record that has the letter tried again: to be sent to partition `record.partition`."""
        return self._control(REPLAY)

    def drop(self) -> Outgoing:
        """The record that gives the letter up: to be sent to partition `record.partition`."""
        return self._control(DROP)

    def _control(self, verb: str) -> Outgoing:
        key = ((KEY, self.record.key),) if self.record.key is not None else ()
        headers = ((verb, self.processor.encode()), *key, (LETTER, pack(self.record)))
        return Outgoing(self.topic, b"", None, headers)


def read_letter(key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]]) -> Letter:
    """A record of a dead-letter topic; raises KeyError or ValueError where it is none."""
    found = {name: raw.decode(errors="replace") for name, raw in headers if not name.startswith(SOURCE)}
    sources: Headers = tuple((n.removeprefix(SOURCE), raw) for n, raw in headers if n.startswith(SOURCE))
    wake = int(found["wake"]) if "wake" in found else None
    record = Record(
        int(found["partition"]), int(found["offset"]), int(found["timestamp"]),
        key, value if wake is None else None, sources, wake,
    )  # fmt: skip
    fate: Fate = found["fate"]  # pyright: ignore[reportAssignmentType]: written by `letter` alone
    return Letter(
        found["processor"], found["version"], fate, found["topic"], record,
        found.get("error", ""), found.get("stack", ""),
    )  # fmt: skip


def unresolved(letters: Iterable[Letter]) -> list[Letter]:
    """Of a dead-letter topic's records in order, those still dead or parked, each place once, in order."""
    latest: dict[tuple[str, int, int, int | None], Letter] = {}
    for letter in letters:
        latest.pop(letter.place, None)
        latest[letter.place] = letter
    return [letter for letter in latest.values() if letter.fate in ("dead", "parked")]
