"""Have the platform declared to its servers by a process of its own: always with the code as it is now."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, STDOUT

from deploy.local.configuration import Local
from deploy.local.mendable import Mendable
from deploy.local.report import Report
from deploy.local.services import playlog, service_environment


class NotDeclared(Mendable):
    """What the servers hold contradicts the declarations, or a server failed; the message holds what was said."""


async def declare(local: Local, report: Report) -> None:
    """Run `playlog declare`: topics, schemas, tables, indexes, bucket. Raises NotDeclared."""
    step = report.step("declare")
    step("topics, schemas, tables, indexes")
    process = await asyncio.create_subprocess_exec(
        *playlog("declare"), env=service_environment(local), stdout=PIPE, stderr=STDOUT
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        step.failed("not declared")
        raise NotDeclared(output.decode(errors="replace").strip())
    step.done("declared")
