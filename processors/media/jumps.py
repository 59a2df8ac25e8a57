"""Where the clock of a transport stream jumps: recordings that were joined, or went on after their sender began anew.

A few places, spread over the file, show where bytes and time don't go together; only there it is looked closer. So a
jump shorter than about a twentieth of the film is not found. A clock that begins anew after 26.5 h doesn't jump.
Of several programmes the one whose clock is told first speaks for all: where it jumps, the times of all are shifted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median
from typing import BinaryIO, NamedTuple

from processors.media.transport import PACKET, SYNC, Kind, Told, since, times

PLACES = 12
NEAR = 256 << 10  # bytes: within them there is a time, and the frames on both sides of a jump
MOST_SCANNED = 4 << 20  # bytes: where a clock is told more seldom, no jump is looked for
LONGEST_PAUSE = 900_000  # ticks, 10 s: a recording that paused; longer ones are left out
SHORT = 90_000  # ticks: within a second pace says nothing
MOST = 64
UNEVEN = 2.0  # times faster or slower than usual: looked at closer
FRAMES = 16  # that may be out of order


class Jump(NamedTuple):
    """From byte `offset` on, `shift` ticks are to be added to all times, besides those of earlier jumps."""

    offset: int
    shift: int


class Mark(NamedTuple):
    """The clock at a byte."""

    offset: int
    ticks: int


def jumps_in(file: BinaryIO, size: int, places: int = PLACES) -> list[Jump]:
    """The jumps of a transport stream, in order. Packets of other lengths than 188 bytes are left alone."""
    head = _read(file, 0, PACKET + 1)
    first = next((told for told in times(_read(file, 0, NEAR)) if told.kind is Kind.PCR), None)
    if len(head) <= PACKET or head[0] != SYNC or head[PACKET] != SYNC or first is None:
        return []
    marks = {mark for n in range(places) if (mark := _mark(file, size * n // places, first.pid))}
    marks |= set(list(_clocks(file, max(0, size - NEAR) // PACKET * PACKET, NEAR + PACKET, first.pid))[-1:])
    return sorted(_found(file, first.pid, list(pairwise(sorted(marks)))))


def _found(file: BinaryIO, pid: int, spans: list[tuple[Mark, Mark]]) -> Iterator[Jump]:
    paces = [since(a.ticks, b.ticks) / (b.offset - a.offset) for a, b in spans]
    usual = median([pace for pace in paces if pace > 0] or [0])
    for _ in range(MOST):
        suspect = next(((a, b) for a, b in spans if not _credible(a, b, usual)), None)
        if suspect is None:
            return
        spans.remove(suspect)
        if sides := _narrowed(file, pid, *suspect, usual):
            a, b = sides
            yield _jump(file, pid, a, b)
            spans += [(suspect[0], a), (b, suspect[1])]


def _credible(a: Mark, b: Mark, usual: float) -> bool:
    lasts, expected = since(a.ticks, b.ticks), usual * (b.offset - a.offset)
    return 0 <= lasts <= SHORT or (lasts > 0 and expected / UNEVEN <= lasts <= expected * UNEVEN)


def _narrowed(file: BinaryIO, pid: int, a: Mark, b: Mark, usual: float) -> tuple[Mark, Mark] | None:
    """The last time before a jump and the first one after it; None where there is none, but uneven pace or no clock."""
    while b.offset - a.offset > NEAR:
        middle = _mark(file, (a.offset + b.offset) // 2, pid)
        if middle is None or not a.offset < middle.offset < b.offset:
            break
        from_a = since(a.ticks, middle.ticks) - usual * (middle.offset - a.offset)
        to_b = since(middle.ticks, b.ticks) - usual * (b.offset - middle.offset)
        a, b = (middle, b) if abs(from_a) <= abs(to_b) else (a, middle)
    if b.offset - a.offset > MOST_SCANNED:
        return None
    known = [a, *_clocks(file, a.offset + PACKET, b.offset - a.offset, pid)]
    return next(((x, y) for x, y in pairwise(known) if not 0 <= since(x.ticks, y.ticks) <= LONGEST_PAUSE), None)


def _jump(file: BinaryIO, pid: int, before: Mark, after: Mark) -> Jump:
    """Where it is, and what makes the first picture after it follow the last one before it."""
    told = _times(file, before.offset, after.offset + PACKET - before.offset)
    new = (t.at for t in told if abs(since(t.ticks, after.ticks)) < abs(since(t.ticks, before.ticks)))
    offset = next(new, after.offset) // PACKET * PACKET
    start = max(0, offset - 2 * NEAR) // PACKET * PACKET
    shown = [t.ticks for t in _times(file, start, offset - start) if t.pid == pid and t.kind is Kind.PTS]
    follow = [t.ticks for t in _times(file, offset, 2 * NEAR) if t.pid == pid and t.kind is Kind.PTS][:FRAMES]
    if len(shown) < 2 or not follow:
        return Jump(offset, since(after.ticks, before.ticks))
    lasts = sorted(since(shown[-1], ticks) for ticks in shown[-FRAMES:])
    begins = min(since(follow[0], ticks) for ticks in follow) + follow[0]
    frame = median([b - a for a, b in pairwise(lasts)])
    return Jump(offset, since(begins, shown[-1] + lasts[-1] + round(frame)))


def _mark(file: BinaryIO, at: int, pid: int) -> Mark | None:
    return next(_clocks(file, at // PACKET * PACKET, NEAR, pid), None)


def _clocks(file: BinaryIO, at: int, length: int, pid: int) -> Iterator[Mark]:
    """The stream's clock, of one of its programmes, wherever it is told."""
    return (Mark(t.at // PACKET * PACKET, t.ticks) for t in _times(file, at, length) if _is_clock(t, pid))


def _is_clock(told: Told, pid: int) -> bool:
    return told.kind is Kind.PCR and told.pid == pid


def _times(file: BinaryIO, at: int, length: int) -> Iterable[Told]:
    """The times in a span that begins at a packet, by their place in the file."""
    return (told._replace(at=told.at + at) for told in times(_read(file, at, length)))


def _read(file: BinaryIO, at: int, length: int) -> bytearray:
    """The bytes of a span, as far as the file goes."""
    file.seek(at)
    data = bytearray()
    while len(data) < length and (more := file.read(length - len(data))):
        data += more
    return data
