"""Run a program that must not outlive its supervisor, not even when that is killed with -9.

Usage: python launcher.py SUPERVISOR_PID[:SIGNAL] COMMAND ARGUMENT…

Linux sends a process the signal it asked for with PR_SET_PDEATHSIG once its parent dies, and keeps the wish over
exec (prctl(2)): SIGKILL, or another SIGNAL for a program that has to tell its own children. It counts as dead when the
*thread* that started the process ends: start from one that stays.
Other systems have no such call; there `up` ends what an earlier one left, by its pid files.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    who, *command = sys.argv[1:]
    supervisor, _, number = who.partition(":")
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number or signal.SIGKILL), 0, 0, 0)
        if os.getppid() != int(supervisor):
            sys.exit(f"not started: its supervisor {supervisor} is gone")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
