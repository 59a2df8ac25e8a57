"""What `playlog upload` shows: bars on a terminal, lines elsewhere."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn


class Screen:
    """Progress of one upload. `announced` comes first."""

    def __init__(self, console: Console, name: str) -> None:
        self._console, self._name = console, name
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
        transfer = (DownloadColumn(binary_units=True), TransferSpeedColumn())
        self._sending = Progress(*columns, *transfer, console=console, disable=not console.is_terminal)
        self._encoding = Progress(*columns, console=console, disable=not console.is_terminal)
        self._file: TaskID | None = None
        self._encode: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._sending.stop()
        self._encoding.stop()

    def announced(self, video_id: str, size: int) -> None:
        self._console.print(f"video {video_id}", highlight=False)
        self._sending.start()
        self._file = self._sending.add_task(self._name, total=size)

    def sent(self, count: int) -> None:
        if self._file is not None:
            self._sending.advance(self._file, count)

    def uploaded(self) -> None:
        self._sending.stop()
        self._console.print("uploaded", highlight=False)
        self._encoding.start()
        self._encode = self._encoding.add_task("encoding", total=None)

    def encoding(self, done: int, total: int) -> None:
        if self._encode is not None and total:
            self._encoding.update(self._encode, completed=done, total=total)

    def playable(self, address: str) -> None:
        self._console.print(f"playable at {address}", highlight=False, soft_wrap=True)

    def published(self) -> None:
        self._encoding.stop()
        self._console.print("published", highlight=False)
