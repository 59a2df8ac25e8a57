"""Have the platform declared to its servers by a process of its own: always with the code as it is now."""

from __future__ import annotations

from deploy.local.configuration import Local
from deploy.local.report import Report
from deploy.local.services import playlog, service_environment
from deploy.local.tool import ToolFailed, run_tool


async def declare(local: Local, report: Report) -> None:
    """Run `playlog declare`: topics, schemas, tables, indexes, bucket. Raises ToolFailed."""
    step = report.step("declare")
    try:
        await run_tool(playlog("declare"), service_environment(local), progress=step)
    except ToolFailed:
        step.failed("what the servers hold contradicts it, or one of them failed")
        raise
    step.done("declared")
