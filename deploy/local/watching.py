"""The development loop: restart Playlog's processes when their code changes, rebuild the page when its does."""

from __future__ import annotations

from pathlib import Path

from rich.markup import escape

from deploy.local.configuration import Local
from deploy.local.declaring import declare
from deploy.local.mendable import Mendable
from deploy.local.program import Program
from deploy.local.report import Report
from deploy.local.supervisor import Supervisor
from deploy.local.web import WEB, build_page

ROOT = Path(__file__).parents[2]
ROOMS = [ROOT / room for room in ("topics", "schemas", "streams", "processors", "gateway", "deploy")]
CODE = {".py", ".yaml", ".avsc"}


async def restart_on_change(local: Local, report: Report, supervisor: Supervisor, programs: list[Program]) -> None:
    """Watch until cancelled. A change that does not start is said so; the next one is tried again."""
    from watchfiles import awatch  # a development dependency

    async for changes in awatch(*ROOMS, ignore_permission_denied=True):
        paths = [Path(path) for _, path in changes]
        if any(path.is_relative_to(WEB) for path in paths):
            await build_page(report)
        changed = sorted(path for path in paths if path.suffix in CODE)
        if changed:
            report.say(f"  {changed[0].relative_to(ROOT)} changed")
            await _restart(local, report, supervisor, programs)


async def _restart(local: Local, report: Report, supervisor: Supervisor, programs: list[Program]) -> None:
    await supervisor.stop(*(program.name for program in programs))
    try:
        await declare(local, report)
        for program in programs:
            step = report.step(program.name)
            await supervisor.start(program, step)
            step.done()
    except Mendable as reason:
        report.say(f"  [red]{escape(str(reason))}[/]")
