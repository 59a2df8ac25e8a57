"""How far views have come: published in Cassandra, read by engines that resume and gateways that wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from streams.cassandra import Session, connect, prepared
from streams.serving import Serving
from streams.settings import Settings
from streams.sinks import SinkDown
from streams.stamps import stamp
from streams.tables import Table

VIEW_POSITIONS = Table(
    "view_positions",
    key={"view": "text", "topic": "text"},
    rows={"partition": "int"},
    columns={"applied": "bigint"},
)


@dataclass(frozen=True)
class Position:
    """A record's place; as text `topic/partition/offset`, several joined by commas."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


def positions_text(positions: Iterable[Position]) -> str:
    """What a command's answer carries and `Playlog-After` takes."""
    return ",".join(str(position) for position in positions)


def latest(positions: Iterable[Position]) -> list[Position]:
    """The last of each partition: who has come so far has come to them all."""
    last: dict[tuple[str, int], Position] = {}
    for position in positions:
        place = (position.topic, position.partition)
        last[place] = max(position, last.get(place, position), key=lambda p: p.offset)
    return [last[place] for place in sorted(last)]


def parse_positions(text: str) -> list[Position]:
    """The positions in `text`; raises ValueError naming the piece that is none."""
    return [_position(piece.strip()) for piece in text.split(",") if piece.strip()]


def _position(piece: str) -> Position:
    topic, _, rest = piece.partition("/")
    partition, _, offset = rest.partition("/")
    if not (topic and partition.isascii() and partition.isdigit() and offset.isascii() and offset.isdigit()):
        raise ValueError(f"{piece!r} is no log position\n  mend:   write it as topic/partition/offset")
    return Position(topic, int(partition), int(offset))


class ViewPositions:
    """The `Positions` port over Cassandra. Written by offset, so a zombie's late word never moves a view back."""

    def __init__(self, settings: Settings, epoch: int = 0) -> None:
        """`epoch` rises when a source topic is made anew, as in the sink."""
        self._settings = settings
        self._epoch = epoch
        self._session: Session = None
        self._statements: dict[str, Any] = {}

    async def open(self) -> None:
        """Connect; the table is made by `migrate(settings, [VIEW_POSITIONS, …])`. Raises SinkDown."""
        self._session = await connect(self._settings)
        table = f"{self._settings.keyspace}.view_positions"
        for name, query in {
            "applied": f'SELECT partition, applied FROM {table} WHERE "view" = ? AND topic = ?',
            "one": f'SELECT applied FROM {table} WHERE "view" = ? AND topic = ? AND partition = ?',
            "publish": f'INSERT INTO {table} ("view", topic, partition, applied) VALUES (?, ?, ?, ?) USING TIMESTAMP ?',
        }.items():
            self._statements[name] = await prepared(self._session, query)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def applied(self, view: str, topic: str) -> dict[int, int]:
        result = await self._run("applied", [view, topic])
        rows = [row.as_dict() for row in result.all()]
        return {row["partition"]: row["applied"] for row in rows}

    async def publish(self, view: str, topic: str, partition: int, offset: int) -> None:
        order = stamp(self._epoch, offset, 0)
        await self._run("publish", [view, topic, partition, offset, order])

    async def _run(self, name: str, values: list[Any]) -> Any:
        statement = self._statements[name].bind()
        statement.set_is_idempotent(True)
        statement.bind_list(values)
        try:
            return await self._session.execute(statement)
        except Exception as error:
            raise SinkDown(f"Cassandra did not answer about view positions: {error}") from error


class ServingPositions(ViewPositions):
    """Positions of the versions that serve, by the processors' own names: for who reads what they show."""

    def __init__(self, settings: Settings, serving: Serving) -> None:
        super().__init__(settings)
        self._serving = serving

    async def applied(self, view: str, topic: str) -> dict[int, int]:
        return await super().applied(self._serving.now.processor(view), topic)
