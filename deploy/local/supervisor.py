"""Start programs, keep them running, stop them: each a child in a session of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from contextlib import suppress
from pathlib import Path

from deploy.local import instance, launcher
from deploy.local.configuration import Local
from deploy.local.mendable import Mendable
from deploy.local.program import Program
from deploy.local.report import Report, Step
from streams.ending import end

PROBE_EVERY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60  # who ran this long is restarted without delay
LOG_TAIL_LINES = 12


class StartFailed(Mendable):
    """A program ended or was not ready in time; the message holds the end of its log."""


class Supervisor:
    """Runs programs until it is told to stop them; one that dies by itself is started again.

    Call it from one thread that stays: children die with the thread that started them (see `launcher`).
    """

    def __init__(self, local: Local, report: Report) -> None:
        self._local, self._report = local, report
        self._running: dict[str, tuple[Program, Process]] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}

    async def start(self, program: Program, step: Step) -> None:
        """Start a program and wait until it is ready, then keep it. Raises StartFailed."""
        process = await self._start_ready(program, step)
        self._keepers[program.name] = asyncio.create_task(self._keep(program, process))

    async def stop(self, *names: str) -> None:
        """Ask the named programs to end, together; kill those that take too long."""
        keepers = [keeper for name in names if (keeper := self._keepers.pop(name, None))]
        await end(*keepers)
        await asyncio.gather(*(self._end(*self._running.pop(name)) for name in names if name in self._running))

    def log(self, program: Program) -> Path:
        return self._local.logs / f"{program.name}.log"

    async def _keep(self, program: Program, process: Process) -> None:
        failures = 0
        while True:
            started = time.monotonic()
            code = await process.wait()
            kill_group(process.pid)
            failures = 1 if time.monotonic() - started > STEADY_AFTER_SECONDS else failures + 1
            delay = restart_delay(failures)
            self._report.line(
                program.name,
                f"[yellow]{how_it_ended(code)}; starting again in {delay:.0f} s[/] ({self.log(program)})",
            )
            await asyncio.sleep(delay)
            process = await self._start_again(program)

    async def _start_again(self, program: Program) -> Process:
        """A program that can't be made ready is left to the next round: it has ended by then."""
        step = self._report.step(program.name)
        try:
            process = await self._start_ready(program, step)
        except StartFailed as reason:
            step.failed(str(reason))
            return self._running[program.name][1]
        step.done("ready again")
        return process

    async def _start_ready(self, program: Program, step: Step) -> Process:
        step("starting")
        process = await self._spawn(program)
        try:
            await asyncio.wait_for(self._until_ready(program, process), program.ready_within)
        except TimeoutError:
            await self._end(program, process)
            raise StartFailed(self._complaint(program, f"not ready after {program.ready_within:.0f} s")) from None
        return process

    async def _spawn(self, program: Program) -> Process:
        log = self.log(program)
        log.parent.mkdir(parents=True, exist_ok=True)
        _clear(program)
        program.prepare()
        supervisor = f"{os.getpid()}:{program.dies_by.value}"
        bound = [sys.executable, "-I", "-S", launcher.__file__, supervisor, *program.command]
        with open(log, "ab") as output:
            process = await asyncio.create_subprocess_exec(
                *bound,
                cwd=program.folder,
                env=program.environment,
                stdin=DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._running[program.name] = program, process
        instance.note(self._local, program.name, process.pid)
        return process

    async def _until_ready(self, program: Program, process: Process) -> None:
        while process.returncode is None:
            try:
                return await asyncio.to_thread(program.ready)
            except Exception:  # every probe has its own errors for "not yet"; the time limit ends it
                await asyncio.sleep(PROBE_EVERY_SECONDS)
        raise StartFailed(self._complaint(program, how_it_ended(process.returncode)))

    async def _end(self, program: Program, process: Process) -> None:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), program.stop_within)
        except TimeoutError:
            self._report.line(program.name, f"[yellow]did not end within {program.stop_within:.0f} s: killed[/]")
        kill_group(process.pid)  # also ends what a killed worker's children still do
        await process.wait()
        _clear(program)
        instance.forget(self._local, program.name)

    def _complaint(self, program: Program, what: str) -> str:
        lines = self.log(program).read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
        return "\n".join([f"{program.name} {what}; the end of {self.log(program)}:", *(f"    {x}" for x in lines)])


def _clear(program: Program) -> None:
    for path in program.clear:
        path.unlink(missing_ok=True)


def restart_delay(failures: int) -> float:
    """Seconds to wait before the next start: 1, 2, 4 … 30."""
    return min(2.0 ** (failures - 1), LONGEST_DELAY_SECONDS)


def how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def kill_group(pid: int) -> None:
    """Kill what is left of a child's session."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
