"""Stop a running `playlog up` from outside it."""

from __future__ import annotations

import time

from deploy.local import instance
from deploy.local.configuration import Local
from deploy.local.report import Report

WITHIN_SECONDS = 90  # longer than each program's own limit: its supervisor kills those that do not end


def stop_running(local: Local, report: Report) -> bool:
    """Ask the supervisor to stop all and wait for it. False when that takes too long."""
    supervisor = instance.process(local, instance.SUPERVISOR)
    if supervisor is None:
        instance.end_leftovers(local)
        report.say(f"nothing runs in {local.home}")
        return True
    step = report.step("all")
    with report.moving():
        step(f"stopping pid {supervisor.pid}")
        supervisor.terminate()
        ended = _wait_for_end(local)
    if not ended:
        step.failed(f"still running after {WITHIN_SECONDS} s: kill -9 {supervisor.pid} ends it and all its children")
        return False
    step.done("stopped")
    return True


def _wait_for_end(local: Local) -> bool:
    limit = time.monotonic() + WITHIN_SECONDS
    while instance.process(local, instance.SUPERVISOR) and time.monotonic() < limit:
        time.sleep(0.1)
    return instance.process(local, instance.SUPERVISOR) is None
