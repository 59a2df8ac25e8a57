"""Who writes which column: the order of two topics is not in the log, so no two may write the same one."""

from __future__ import annotations

from collections.abc import Iterable

from streams.processor import ProcessorError, View
from streams.tables import Write


class Owners:
    """The (view, topic) that writes each column of each table or index, as seen so far."""

    def __init__(self) -> None:
        self._owner: dict[tuple[type, str, str], tuple[str, str]] = {}
        self._alike: set[tuple[object, ...]] = set()  # what has been claimed: most writes are like an earlier one

    def claim(self, view: View, topic: str, writes: Iterable[Write]) -> None:
        """Raises ProcessorError where another view or topic writes a column too, or `into` lacks the table.

        Who clears rows writes all their columns. Rows whose key holds their topic's name are told apart by it: two
        topics never meet in one.
        """
        for write in writes:
            apart, into = write.key.get("topic") == topic, write.into
            alike = (view.name, topic, type(into), into.name, apart, write.clears, *write.cells)
            if alike in self._alike:
                continue
            if into not in view.into:
                raise ProcessorError(
                    f"view {view.name} writes {into.name}, which its declaration does not name\n"
                    f"  mend:   add {into.name} to its into="
                )
            for column in () if apart else into.columns if write.clears else write.cells:
                self._claim((type(into), into.name, column), (view.name, topic))
            self._alike.add(alike)

    def _claim(self, column: tuple[type, str, str], claimant: tuple[str, str]) -> None:
        owner = self._owner.setdefault(column, claimant)
        if owner != claimant:
            raise ProcessorError(
                f"{column[1]}.{column[2]} is written by {owner[0]} from {owner[1]} "
                f"and by {claimant[0]} from {claimant[1]}; which is the later one is not in the log\n"
                "  mend:   give each topic columns of its own"
            )
