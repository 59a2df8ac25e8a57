"""How a process is shut in, in layers; each helps where another can't be had.

`bubblewrap`: own namespaces and a file system of little more than Python, put around the process by its parent.
`namespaces`: the kernel's user and network namespaces, entered by the process itself.
`seccomp`: the kernel refuses to open or change files by name, sockets, new processes and programs, debugging
(`seccomp.py`).
`limits`: memory and CPU end somewhere, files can't grow, and a descriptor is free only when another was closed.

A GPU's driver opens its devices and libraries by name, and reserves more addresses than there is memory. A process
that uses one gets a profile of its own: bubblewrap is a must, and shows the devices and what the system tells of them
besides Python; files there may be opened; memory is limited where it is written, not where it is reserved.
"""

from __future__ import annotations

import ctypes
import glob
import os
import resource
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1
MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": str(128 << 10)}
"""Environment of the C library's heap. Blocks of 128 KiB and more are new from the kernel, and so zero: x264's code
for AVX-512 reads memory that nobody has written (mbtree, where the rows of macroblocks are no multiple of 8), and the
same frames shall give the same bytes. No slower than reuse, and a smaller process: measured."""
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x08000000, 0x10000000, 0x40000000
DEVICES = "/dev/nvidia*"
SYSTEM = ("/sys/bus/pci", "/sys/devices", "/sys/module")  # where a driver looks its devices up
PASSED_ON = ("LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")  # some clusters put the driver's libraries beside the usual
DRIVER_DESCRIPTORS = 256


@cache
def bubblewrap() -> tuple[str, ...]:
    """The command that puts bubblewrap around a Python program; empty where it is missing or not allowed."""
    return _tried(_bubble())


@cache
def bubblewrap_with_devices() -> tuple[str, ...]:
    """The same around a program that uses a GPU."""
    return _tried([*_bubble(), *_driver()])


def _tried(arguments: list[str]) -> tuple[str, ...]:
    program = shutil.which("bwrap")
    if program is None:
        return ()
    command = (program, *arguments)
    tried = subprocess.run([*command, sys.executable, "-I", "-c", ""], capture_output=True, timeout=20, check=False)
    return command if tried.returncode == 0 else ()


def devices() -> list[str]:
    """This machine's GPUs, as files."""
    return sorted(glob.glob(DEVICES))


def _driver() -> list[str]:
    """The devices, what the system tells of them, and no cache of compiled kernels: nothing can be written."""
    arguments = ["--proc", "/proc", "--setenv", "CUDA_CACHE_DISABLE", "1"]
    for device in devices():
        arguments += ["--dev-bind", device, device]
    for path in filter(os.path.exists, SYSTEM):
        arguments += ["--ro-bind", path, path]
    for name in PASSED_ON:
        arguments += ["--setenv", name, os.environ[name]] if name in os.environ else []
    return arguments


def _bubble() -> list[str]:
    arguments = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    arguments += ["--dev", "/dev", "--chdir", "/"]
    for name, value in MEMORY.items():
        arguments += ["--setenv", name, value]
    for name in ("/lib", "/lib64", "/bin"):
        if os.path.islink(name):
            arguments += ["--symlink", os.readlink(name), name]
    shown = {"/usr", "/lib", "/lib64", "/etc/ld.so.cache", sys.prefix, sys.base_prefix, str(ROOT / "processors")}
    for path in sorted(shown):
        if os.path.exists(path) and not os.path.islink(path):
            arguments += ["--ro-bind", path, path]
    return arguments


def die_with_parent(parent: int) -> None:
    """Be killed when the parent ends, even if it ended before this was asked for."""
    _libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent and os.getppid() != parent:
        os._exit(1)


def leave_network() -> bool:
    """Enter own namespaces with no network; call it before any thread starts. False where the kernel forbids it."""
    libc = _libc()
    return libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) == 0 or libc.unshare(CLONE_NEWNET) == 0


def limit(memory_bytes: int, cpu_s: int, lowest_free_descriptor: int, device: bool = False) -> None:
    """End memory, CPU time and open files here. A few seconds of CPU are left to say so.

    With a `device`, what can be written counts as memory (RLIMIT_DATA), and its driver gets descriptors.
    """
    resource.setrlimit(resource.RLIMIT_DATA if device else resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    descriptors = DRIVER_DESCRIPTORS if device else lowest_free_descriptor
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
