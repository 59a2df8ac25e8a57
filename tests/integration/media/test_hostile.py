"""Files that mean harm: each ends as a video or with a reason, within limits, and leads nowhere.

A sample from a fixed seed. `make hostile N=5000 SEED=2` takes as many of another.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from tests.hostile.corpus import corpus

ROOT = Path(__file__).parents[3]
FILES, SEED = int(os.environ.get("PLAYLOG_HOSTILE_FILES", "50")), int(os.environ.get("PLAYLOG_HOSTILE_SEED", "1"))
PATIENCE = 120  # seconds for one file; a guard against a hang, far above any limit that a file should meet
ENDS = {"published", "rejected", "limit"}
CALLS = "open,openat,openat2,creat,socket,connect,bind,sendto,execve,fork,vfork,unlink,rename,mkdir,write"
OUTWARD = re.compile(r"^\d+ +(?!write|\+\+\+|---|exit)(\w+)\(")
TABLES = re.compile(r"openat\(AT_FDCWD, \"(/usr/lib[^\"]*/gconv/\w+\.so|/proc/sys/vm/overcommit_memory)\".*EPERM")


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        yield listening


def address_of(listening: socket.socket) -> str:
    return "{}:{}".format(*listening.getsockname())


@cache
def ends(address: str) -> dict[str, dict[str, Any]]:
    """How each file of the sample ended."""
    files = list(corpus(SEED, FILES, address))
    return dict(zip([name for name, _ in files], taken(files), strict=True))


def taken(files: Sequence[tuple[str, bytes]], around: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Give the files to a process that is shut in as workers' are; what it says of each."""
    command = [*around, sys.executable, "-m", "tests.hostile"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert json.loads(process.stdout.readline()) == {"said": "shut in"}
        for name, data in files:
            guard = Timer(PATIENCE, process.kill)
            guard.start()
            process.stdin.write(len(data).to_bytes(4, "big") + data)
            process.stdin.flush()
            line = process.stdout.readline()
            guard.cancel()
            assert line, f"the process ended, or hung, at {name!r}"
            yield json.loads(line)
        process.stdin.close()


def test_every_file_becomes_a_video_or_is_refused_with_a_reason(listener: socket.socket):
    found = ends(address_of(listener))

    assert len(found) >= FILES + 25
    assert {name: end.get("message") for name, end in found.items() if end["end"] not in ENDS} == {}
    refused = [end for end in found.values() if end["end"] == "rejected"]
    assert all(re.fullmatch(r"\w+", end["code"]) and 20 < len(end["message"]) < 600 for end in refused)
    assert {end["end"] for end in found.values()} == ENDS


def test_no_file_takes_more_than_a_worker_has(listener: socket.socket):
    found = ends(address_of(listener))

    assert max(end["mib"] for end in found.values()) < 2048
    assert {name: end["cpu_s"] for name, end in found.items() if end["cpu_s"] > 60} == {}
    assert max(end.get("chunks", 0) for end in found.values()) <= 1441


def test_a_trap_is_named_for_what_it_is(listener: socket.socket):
    found = ends(address_of(listener))

    codes = {name.split(": ", 1)[1]: end.get("code", end["end"]) for name, end in found.items() if name[0] in "bde"}
    assert codes["two frames, a day apart"] == "sparse"
    assert codes["a frame after a month"] == "too_long"
    assert codes["an HLS playlist"] == codes["an HLS playlist after a BOM and blanks"] == "playlist"
    assert codes["a concat script"] == "playlist"
    assert codes["a DASH manifest"] == codes["a session description"] == "not_video"
    assert codes["a movie that refers to another by name"] == "no_video"


def test_nobody_is_contacted(listener: socket.socket):
    ends(address_of(listener))

    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.skipif(not shutil.which("strace"), reason="strace shows what a process asks of the kernel")
def test_nothing_is_opened_contacted_or_started(listener: socket.socket, tmp_path: Path):
    """Not even asked for. (The C library itself asks for tables of alphabets and for a setting, in vain.)"""
    log = tmp_path / "calls"
    files = [file for file in corpus(SEED, 10, address_of(listener)) if not file[0].startswith("bomb")]

    traced = ["strace", "-f", "-qq", "-s", "200", "-e", f"trace={CALLS}", "-o", str(log)]
    assert len(list(taken(files, traced))) == len(files)

    before, _, after = log.read_text().partition("shut in")
    assert "openat(" in before, "strace saw nothing"
    calls = after.splitlines()[1:]
    assert len([call for call in calls if "write(1" in call]) == len(files)
    assert [call for call in calls if OUTWARD.match(call) and not TABLES.search(call)] == []
