"""The confined process: shuts itself in, takes one job, reads the source by asking its parent, sends what it makes."""

from __future__ import annotations

import importlib
import os
import pkgutil
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

import av
import av.error

from processors.media import isolation, seccomp
from processors.media.audio import encode_audio
from processors.media.block_file import BlockFile
from processors.media.encode import encode_chunk
from processors.media.jobs import AudioJob, ChunkJob, Job, LadderJob, PicturesJob, ProbeJob, TextsJob, TryJob, on_device
from processors.media.limits import DeviceFailed, RungFailed
from processors.media.made import Made, Probed, SelfChecked
from processors.media.measure import measure_ladder
from processors.media.model import Unplayable
from processors.media.pictures import take_pictures
from processors.media.probe import probe
from processors.media.texts import extract_texts
from processors.media.tracks import FIRST_CODEC
from processors.media.trying import try_way
from processors.media.wire import LENGTH, Brief, Failed, Finished, FromChild, Wanted, framed, from_parent

LOWEST_PRIORITY = 19


def main(descriptor: int, bubbled: bool, parent: int) -> None:
    """Serve one job over an inherited socket. `parent` is its process id, 0 where that can't be seen."""
    isolation.die_with_parent(parent)
    load_all()
    layers = ["bubblewrap"] if bubbled else ["namespaces"] if isolation.leave_network() else []
    line = Line(descriptor)
    brief = from_parent.decode(line.receive())
    device = on_device(brief.job)
    isolation.limit(brief.memory_bytes, brief.cpu_s, line.lowest_free_descriptor(), device)
    refused = seccomp.refuse_calls(but=seccomp.OPENING if device else ())
    layers += [*(["seccomp"] if refused else []), "limits"]
    line.send(_outcome(line, brief, layers))


def load_all() -> None:
    """Import every module of PyAV: it loads some on first use, when no file can be opened any more."""
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def _outcome(line: Line, brief: Brief, layers: list[str]) -> FromChild:
    """Do the job and say how it ended."""
    try:
        for made in _work(brief.job, BlockFile(brief.size, line.block, brief.whole), brief.size, layers):
            line.send(made)
    except Unplayable as refusal:
        return Failed(fault="source", code=refusal.code, message=refusal.message)
    except (MemoryError, av.error.MemoryError):
        return Failed(fault="memory", code="memory", message=f"more than {brief.memory_bytes >> 20} MiB")
    except RungFailed as failure:
        return Failed(fault="rung", code=failure.rung, message=repr(failure.__cause__))
    except DeviceFailed as failure:
        return Failed(fault="device", code="device", message=str(failure))
    except av.error.FFmpegError as error:  # what nobody expected of a file is the file's fault: it would be again
        return Failed(fault="source", code="damaged", message=f"The file is damaged: {error}. Export it again.")
    except Exception as error:
        last = "".join(traceback.format_exception(error)[-3:])
        return Failed(fault="bug", code=type(error).__name__, message=last)
    return Finished()


def _work(job: Job, file: BlockFile, size: int, layers: list[str]) -> Iterator[Made]:
    source = cast(BinaryIO, file)
    match job:
        case ProbeJob():
            yield Probed(probe=probe(source, size, job.by_index))
        case ChunkJob():
            _give_way(any(rung.codec != FIRST_CODEC for rung in job.rungs))
            yield from encode_chunk(source, job)
        case LadderJob():
            _give_way(True)
            yield from measure_ladder(source, job)
        case AudioJob():
            _give_way(job.track.later)
            yield from encode_audio(source, job)
        case PicturesJob():
            yield from take_pictures(source, job)
        case TextsJob():
            _give_way(True)
            yield from extract_texts(source, job)
        case TryJob():
            try_way(job)
        case _:
            path = job.path
            os.close(sys.stdin.fileno())  # room for one descriptor, whatever the limit
            yield SelfChecked(
                layers=layers,
                opens_files=_can(lambda: os.close(os.open(path, os.O_RDONLY))),
                opens_sockets=_can(lambda: socket.socket().close()),
                starts_processes=_can(_start_process),
            )


def _give_way(later: bool) -> None:
    """What nobody waits for takes the processor time that others leave."""
    if later:
        os.nice(LOWEST_PRIORITY)


def _can(do: Callable[[], object]) -> bool:
    try:
        do()
    except OSError:
        return False
    return True


def _start_process() -> None:
    if os.fork() == 0:
        os._exit(0)


class Line:
    """The socket to the parent. Any thread may send; the one that reads the source receives."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._lock = threading.Lock()

    def lowest_free_descriptor(self) -> int:
        free = os.dup(self._socket.fileno())
        os.close(free)
        return free

    def send(self, message: FromChild) -> None:
        with self._lock:
            self._socket.sendall(framed(message))

    def receive(self) -> bytes:
        """The next frame. A parent that has gone ends the process."""
        (length,) = LENGTH.unpack(self._exactly(LENGTH.size))
        return self._exactly(length)

    def block(self, index: int) -> bytes:
        """A block of the source, from the parent."""
        self.send(Wanted(index=index))
        return self.receive()

    def _exactly(self, length: int) -> bytes:
        data = bytearray(length)
        view, have = memoryview(data), 0
        while have < length:
            got = self._socket.recv_into(view[have:])
            if got == 0:
                os._exit(1)
            have += got
        return bytes(data)
