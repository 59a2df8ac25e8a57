"""The system calls that a confined process is refused from now on, by a filter in the kernel (seccomp(2)).

What stays: memory, threads, clocks, and reading and writing what is open already.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Collection

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column below, AUDIT_ARCH
REFUSED: dict[str, tuple[int | None, int | None]] = {  # asm/unistd.h; None where an architecture has no such call
    # files by name
    "open": (2, None), "creat": (85, None), "openat": (257, 56), "openat2": (437, 437),
    "open_by_handle_at": (304, 265), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "truncate": (76, 45), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "link": (86, None),
    "linkat": (265, 37), "unlink": (87, None), "unlinkat": (263, 35), "symlink": (88, None), "symlinkat": (266, 36),
    "chmod": (90, None), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None), "lchown": (94, None),
    "fchownat": (260, 54), "mknod": (133, None), "mknodat": (259, 33),
    # other places to be
    "unshare": (272, 97), "setns": (308, 268), "chroot": (161, 51), "pivot_root": (155, 41), "mount": (165, 40),
    "open_tree": (428, 428), "fsopen": (430, 430), "bpf": (321, 280),
    # the network and other processes
    "socket": (41, 198), "connect": (42, 203), "mq_open": (240, 180), "msgget": (68, 186), "shmget": (29, 194),
    "semget": (64, 190), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438), "kill": (62, 129), "tkill": (200, 130), "pidfd_send_signal": (424, 424),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    # more of the processor than others have: SVT-AV1's threads would have real-time priority where root runs it
    "sched_setparam": (142, 118), "sched_setscheduler": (144, 119), "sched_setattr": (314, 274),
    # new processes and programs
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
}  # fmt: skip
OPENING = {"open", "openat"}  # what a GPU's driver needs of these; bubblewrap decides what there is to open
CLONE, CLONE3, TGKILL = (56, 220), (435, 435), (234, 131)
CLONE_THREAD = 0x00010000
X32 = 0x40000000  # from here on x86-64 has all its calls a second time
ALLOW, EPERM, ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with the error
LOAD, IF_EQUAL, IF_AT_LEAST, IF_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF instructions
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data; of the argument the lower half


def refuse_calls(but: Collection[str] = ()) -> bool:
    """Refuse them for good, but for some, on all later threads too. False on kernels and machines that can't."""
    known = ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    filter_ = program_for(*known, but)
    code = ctypes.create_string_buffer(b"".join(filter_))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(filter_), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0) == 0


def program_for(column: int, architecture: int, but: Collection[str] = ()) -> list[bytes]:
    """A verdict for each call. Threads may be made and signalled, processes not."""
    program = [_bpf(LOAD, ARCHITECTURE), _bpf(IF_EQUAL, architecture, 1, 0), _bpf(RETURN, EPERM)]
    program += [_bpf(LOAD, NUMBER), _bpf(IF_AT_LEAST, X32, 0, 1), _bpf(RETURN, EPERM)]
    for name, numbers in REFUSED.items():
        if name not in but and (number := numbers[column]) is not None:
            program += [_bpf(IF_EQUAL, number, 0, 1), _bpf(RETURN, EPERM)]
    # a filter can't see clone3's flags, and the C library takes clone where there is none
    program += [_bpf(IF_EQUAL, CLONE3[column], 0, 1), _bpf(RETURN, ENOSYS)]
    program += _first_argument(CLONE[column], IF_ANY_BIT, CLONE_THREAD)
    program += _first_argument(TGKILL[column], IF_EQUAL, os.getpid())
    return [*program, _bpf(RETURN, ALLOW)]


def _first_argument(call: int, condition: int, value: int) -> list[bytes]:
    """Allow a call only with such a first argument."""
    return [
        _bpf(IF_EQUAL, call, 0, 4), _bpf(LOAD, FIRST_ARGUMENT), _bpf(condition, value, 0, 1),
        _bpf(RETURN, ALLOW), _bpf(RETURN, EPERM),
    ]  # fmt: skip


def _bpf(instruction: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One instruction; of a condition, how many to skip when it holds and when not."""
    return struct.pack("HBBI", instruction, if_true, if_false, value)
