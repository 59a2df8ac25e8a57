"""Whether the store holds what a client says is complete. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.problems import FieldError
from gateway.uploads.bodies import ClaimedPart, HeldPart
from gateway.uploads.plan import Layout

MOST_NAMED = 20


def faults(claimed: Sequence[ClaimedPart], held: Sequence[HeldPart], how: Layout) -> list[FieldError]:
    """What is missing, of another size, or not what the client claims; the first twenty."""
    found = [*_unsent(held, how), *_mistaken(claimed, held, how)]
    return found[:MOST_NAMED]


def _unsent(held: Sequence[HeldPart], how: Layout) -> Iterator[FieldError]:
    sizes = {part.number: part.size for part in held}
    for number in range(1, how.part_count + 1):
        if number not in sizes:
            yield FieldError(f"parts[{number - 1}]", f"part {number} is not in the store: send it")
        elif sizes[number] != how.size_of(number):
            wrong = f"part {number} has {sizes[number]} bytes in the store, not {how.size_of(number)}: send it again"
            yield FieldError(f"parts[{number - 1}]", wrong)


def _mistaken(claimed: Sequence[ClaimedPart], held: Sequence[HeldPart], how: Layout) -> Iterator[FieldError]:
    etags = {part.number: part.etag for part in held}
    for index, part in enumerate(claimed):
        if not 1 <= part.number <= how.part_count:
            yield FieldError(f"parts[{index}].number", f"{part.number} is not between 1 and {how.part_count}")
        elif part.number in etags and etags[part.number] != part.etag.strip('"'):
            wrong = f"part {part.number} has another ETag in the store: send it again, or ask GET for the stored one"
            yield FieldError(f"parts[{index}].etag", wrong)
    if claimed and len({part.number for part in claimed}) != len(claimed):
        yield FieldError("parts", "names a part twice")
    elif claimed and (absent := set(range(1, how.part_count + 1)) - {part.number for part in claimed}):
        yield FieldError("parts", f"does not name part {min(absent)}")
