"""Who writes which column: the order of two topics is not in the log, so no two may write the same one."""

from __future__ import annotations

from collections.abc import Iterable

from streams.processor import ProcessorError, View
from streams.tables import Write


class Owners:
    """The (view, topic) that writes each column of each table, as seen so far."""

    def __init__(self) -> None:
        self._owner: dict[tuple[type, str, str], tuple[str, str]] = {}

    def claim(self, view: str, topic: str, writes: Iterable[Write]) -> None:
        """Raises ProcessorError where another view or topic writes one of these columns.

        Rows whose key names their topic are told apart by it: two topics never meet in one of them.
        """
        for write in writes:
            if write.key.get("topic") == topic:
                continue
            for column in write.cells:
                place, claimant = (type(write.into), write.into.name, column), (view.name, topic)
                owner = self._owner.setdefault(place, claimant)
                if owner != claimant:
                    raise ProcessorError(
                        f"{write.into.name}.{column} is written by {owner[0]} from {owner[1]} "
                        f"and by {view.name} from {topic}; which is the later one is not in the log\n"
                        "  mend:   give each topic columns of its own"
                    )
