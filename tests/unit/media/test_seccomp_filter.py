"""The filter's verdicts on both architectures, as the kernel would find them."""

from __future__ import annotations

import os
import struct
from collections.abc import Collection

import pytest

from processors.media import seccomp
from processors.media.seccomp import ALLOW, ENOSYS, EPERM

X86_64, AARCH64 = seccomp.ARCHITECTURES["x86_64"], seccomp.ARCHITECTURES["aarch64"]
THREAD, PROCESS = 0x3D0F00, 0x1200011  # flags of pthread_create and of fork in glibc


def verdict(
    machine: tuple[int, int], call: int, argument: int = 0, *, called_as: int | None = None, but: Collection[str] = ()
) -> int:
    """Run the filter on a call; `called_as` is the architecture it comes by."""
    data = struct.pack("<iIQQ", call if call < 1 << 31 else call - (1 << 32), called_as or machine[1], 0, argument)
    program, at, loaded = [struct.unpack("HBBI", one) for one in seccomp.program_for(*machine, but)], 0, 0
    while True:
        instruction, if_true, if_false, value = program[at]
        holds = {seccomp.IF_EQUAL: loaded == value, seccomp.IF_AT_LEAST: loaded >= value}
        holds[seccomp.IF_ANY_BIT] = bool(loaded & value)
        if instruction == seccomp.RETURN:
            return value
        if instruction == seccomp.LOAD:
            (loaded,) = struct.unpack_from("<I", data, value)
        at += 1 + (0 if instruction == seccomp.LOAD else if_true if holds[instruction] else if_false)


@pytest.mark.parametrize(
    "call", [2, 85, 257, 437, 304, 425, 41, 42, 57, 58, 59, 322, 101, 62, 144, 314, 0x40000002, 0xFFFFFFFF]
)
def test_x86_64_refuses(call: int):
    assert verdict(X86_64, call) == EPERM


@pytest.mark.parametrize("call", [56, 437, 265, 425, 198, 203, 221, 281, 117, 129, 119])
def test_aarch64_refuses(call: int):
    assert verdict(AARCH64, call) == EPERM


@pytest.mark.parametrize(("machine", "call"), [(X86_64, 0), (X86_64, 9), (X86_64, 202), (AARCH64, 63), (AARCH64, 57)])
def test_reading_memory_and_locks_are_left(machine: tuple[int, int], call: int):
    assert verdict(machine, call) == ALLOW


@pytest.mark.parametrize(("machine", "clone", "tgkill"), [(X86_64, 56, 234), (AARCH64, 220, 131)])
def test_threads_are_left_and_processes_are_not(machine: tuple[int, int], clone: int, tgkill: int):
    assert (verdict(machine, clone, THREAD), verdict(machine, clone, PROCESS)) == (ALLOW, EPERM)
    assert (verdict(machine, tgkill, os.getpid()), verdict(machine, tgkill, os.getppid())) == (ALLOW, EPERM)
    assert verdict(machine, 435) == ENOSYS


def test_calls_of_another_architecture_are_refused():
    assert verdict(X86_64, 0, called_as=0x40000003) == EPERM


def test_a_gpus_driver_may_open_files_and_nothing_more():
    refused = {call for call in range(460) if verdict(X86_64, call) == EPERM}
    for_driver = {call for call in range(460) if verdict(X86_64, call, but=seccomp.OPENING) == EPERM}

    assert refused - for_driver == {2, 257}
    assert for_driver < refused
