"""What the kernel refuses a process behind the filter, call by call, and what it still lets it do."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from processors.media.seccomp import ARCHITECTURES, REFUSED, X32

ROOT = Path(__file__).parents[3]
COLUMN = ARCHITECTURES.get(platform.machine(), (0,))[0]
PROGRAM = textwrap.dedent("""
    import ctypes, errno, json, os, sys, threading
    from processors.media.seccomp import refuse_calls

    libc = ctypes.CDLL(None, use_errno=True)

    def tried(number, *arguments):
        ctypes.set_errno(0)
        result = libc.syscall(ctypes.c_long(number), *arguments)
        if result == 0 and number in json.loads(sys.argv[2]):
            os._exit(0)  # the child of a fork that should not be
        return errno.errorcode[ctypes.get_errno()] if result < 0 else "done"

    answers = [refuse_calls()]
    os.close(0)
    for number, *arguments in json.loads(sys.argv[1]):
        answers.append(tried(number, *(a.encode() if isinstance(a, str) else a for a in arguments)))
    thread = threading.Thread(target=lambda: print(json.dumps(answers)))
    thread.start()
    thread.join()
""")

pytestmark = pytest.mark.skipif(platform.machine() not in ARCHITECTURES, reason="no filter for this architecture")
HERE, FILE, END = -100, "/etc/passwd", 17  # AT_FDCWD; SIGCHLD


def behind_the_filter(*calls: tuple[int | str, ...]) -> list[str]:
    """What a process behind the filter gets for system calls: "done" or the error's name. It has room for a file."""
    forks = [number for name in ("fork", "vfork") if (number := REFUSED[name][COLUMN])] + [(56, 220)[COLUMN]]
    command = [sys.executable, "-c", PROGRAM, json.dumps(calls), json.dumps(forks)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    refused, *answers = json.loads(done.stdout)
    assert refused
    return answers


def number(name: str) -> int:
    """Of a call that every architecture has."""
    found = REFUSED[name][COLUMN]
    assert found is not None
    return found


def test_no_file_can_be_opened_though_there_is_room_for_one():
    openings: list[tuple[int | str, ...]] = [(number("openat"), HERE, FILE, 0), (number("openat2"), HERE, FILE, 0, 24)]
    if platform.machine() == "x86_64":
        openings += [(2, FILE, 0), (85, "/tmp/made-behind-the-filter", 0o600)]

    assert set(behind_the_filter(*openings)) == {"EPERM"}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x32 is a second set of calls of x86-64")
def test_the_second_set_of_calls_is_refused_as_a_whole():
    assert set(behind_the_filter((X32 | 2, FILE, 0), (X32 | 39,), (X32 | 545, 0, 0, 0, 0))) == {"EPERM"}


def test_no_process_can_be_started_or_signalled_but_threads_can():
    clone, clone3, tgkill = ((56, 435, 234), (220, 435, 131))[COLUMN]
    me = os.getpid()
    starts: list[tuple[int | str, ...]] = [(clone, END, 0, 0, 0, 0)]
    if platform.machine() == "x86_64":
        starts += [(57,), (58,)]

    assert set(behind_the_filter(*starts, (number("kill"), me, 0), (tgkill, me, me, 0))) == {"EPERM"}
    assert behind_the_filter((clone3, 0, 0)) == ["ENOSYS"]


def test_what_is_not_named_still_works():
    getpid = (39, 172)[COLUMN]

    assert behind_the_filter((getpid,)) == ["done"]
