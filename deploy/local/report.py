"""Say what is going on: a line a step, moving on a terminal, plain in a log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

QUIET_SECONDS = 5  # a log gets a step's progress this often


class Step:
    """One thing that takes a while. Calling it with a text says how far it is; safe from any thread."""

    def __init__(self, report: Report, name: str) -> None:
        self._report, self._name = report, name
        self._started = time.monotonic()
        self._said = self._started
        self._task: TaskID | None = None

    def __call__(self, text: str) -> None:
        if self._report.live is not None:
            if self._task is None:
                self._task = self._report.live.add_task("", name=self._name, text=text)
            self._report.live.update(self._task, text=text)
        elif time.monotonic() - self._said > QUIET_SECONDS:
            self._said = time.monotonic()
            self._report.line(self._name, text)

    def done(self, text: str = "ready") -> None:
        self._end(f"[green]✓[/] {text:<12} {time.monotonic() - self._started:5.1f} s")

    def failed(self, text: str) -> None:
        self._end(f"[red]✗[/] {escape(text)}")

    def _end(self, text: str) -> None:
        if self._report.live is not None and self._task is not None:
            self._report.live.remove_task(self._task)
            self._task = None
        self._report.line(self._name, text)


class Report:
    """Where steps and messages go. On a terminal, steps under way move inside `moving()`."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self.live: Progress | None = None

    def step(self, name: str) -> Step:
        return Step(self, name)

    def say(self, text: str) -> None:
        self.console.print(text)

    def line(self, name: str, text: str) -> None:
        self.console.print(f"  {name:<11} {text}", soft_wrap=True)

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Show the steps under way until the end of the block; on a terminal only."""
        if not self.console.is_terminal:
            yield
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.fields[name]:<11} {task.fields[text]}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as self.live:
            try:
                yield
            finally:
                self.live = None
