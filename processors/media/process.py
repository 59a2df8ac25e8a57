"""The parent's side of a confined process: starts it, answers its reads, hands on what it makes, ends it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress

from processors.media import isolation
from processors.media.blocks import Blocks, Ranges
from processors.media.jobs import Job, on_device
from processors.media.limits import Crashed, DeviceFailed, LimitExceeded, Limits, RungFailed
from processors.media.made import Made
from processors.media.model import Unplayable
from processors.media.wire import (
    LENGTH,
    MOST_FRAME_BYTES,
    Brief,
    Failed,
    Finished,
    FromChild,
    Wanted,
    framed,
    from_child,
)

BOOT = "import sys; sys.path.append(sys.argv[1]); import processors.media.child as c; c.main(*map(int, sys.argv[2:]))"
AHEAD = 2  # messages that wait for their reader before the process is held back
PARTING_S = 5  # that a child has from hanging up to its end
COMPLAINT_BYTES = 2_000  # of its standard error that a crash report quotes


class Process:
    """One child process and the task that talks with it."""

    def __init__(self, child: asyncio.subprocess.Process, line: socket.socket, limits: Limits) -> None:
        self._child, self._line, self._limits = child, line, limits
        self._made: asyncio.Queue[Made | BaseException | None] = asyncio.Queue(AHEAD)
        self._time_left, self._output_left = limits.time_s, limits.output_bytes
        self._talk: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, job: Job, ranges: Ranges, limits: Limits) -> Process:
        """Start a child on a job. Raises Crashed where the job needs a GPU, and that can't be shut in."""
        bubble = await asyncio.to_thread(_bubble, job)
        ours, theirs = socket.socketpair()
        with theirs:
            facts = (theirs.fileno(), int(bool(bubble)), 0 if bubble else os.getpid())
            child = await asyncio.create_subprocess_exec(
                *bubble, sys.executable, "-I", "-c", BOOT, str(isolation.ROOT), *map(str, facts),
                pass_fds=[theirs.fileno()], env=isolation.MEMORY, start_new_session=True,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        process = cls(child, ours, limits)
        brief = Brief(
            job=job,
            size=ranges.size,
            whole=getattr(ranges, "whole", True),
            memory_bytes=limits.memory_bytes,
            cpu_s=limits.cpu_s,
        )
        process._talk = asyncio.create_task(process._talk_to_the_end(brief, Blocks(ranges)))
        return process

    async def next(self) -> Made | None:
        """The next message; None when the job is done. Raises what ended it otherwise."""
        message = await self._made.get()
        if isinstance(message, BaseException):
            raise message
        return message

    async def end(self) -> None:
        """Kill the child, if it still runs, and all that it started; wait until it is gone."""
        if self._talk is not None:
            self._talk.cancel()
            await asyncio.gather(self._talk, return_exceptions=True)
        self._kill()
        await self._child.communicate()

    def _kill(self) -> None:
        """The child leads a group of its own, which is there as long as one process of it."""
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)

    async def _talk_to_the_end(self, brief: Brief, blocks: Blocks) -> None:
        reader, writer = await asyncio.open_connection(sock=self._line)
        try:
            writer.write(framed(brief))
            while not isinstance(message := await self._message(reader), Finished):
                if isinstance(message, Wanted):
                    data = await blocks.block(message.index)
                    writer.write(LENGTH.pack(len(data)) + data)
                elif isinstance(message, Failed):
                    raise _error(message)
                else:
                    await self._made.put(message)
            await self._made.put(None)
        except Exception as error:
            await self._made.put(error)
        finally:
            writer.close()
            await blocks.close()

    async def _message(self, reader: asyncio.StreamReader) -> FromChild:
        """The next message; the time until it is there is the child's."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            async with asyncio.timeout(self._time_left):
                (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
                self._output_left -= length
                if length > MOST_FRAME_BYTES or self._output_left < 0:
                    raise LimitExceeded("output", f"the job made more than {self._limits.output_bytes:,} bytes")
                return from_child.decode(await reader.readexactly(length))
        except TimeoutError:
            raise LimitExceeded("time", f"the job took longer than {self._limits.time_s:g} s") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._cause_of_death() from None
        finally:
            self._time_left -= loop.time() - begun

    async def _cause_of_death(self) -> Exception:
        """Why the child hung up before it said how the job ended."""
        assert self._child.stderr is not None
        late = asyncio.get_running_loop().call_later(PARTING_S, self._kill)
        complaint = (await self._child.stderr.read())[-COMPLAINT_BYTES:].decode(errors="replace").strip()
        code = await self._child.wait()
        late.cancel()
        number = -code if code < 0 else code - 128 if code > 128 else 0  # bubblewrap and shells add 128
        if number == signal.SIGXCPU:
            return LimitExceeded("cpu", f"the job used more than {self._limits.cpu_s} s of CPU")
        how = f"was killed by {signal.Signals(number).name}" if number else f"ended with status {code}"
        return Crashed(f"the confined process {how}: {complaint or 'it said nothing'}")


def _bubble(job: Job) -> tuple[str, ...]:
    if not on_device(job):
        return isolation.bubblewrap()
    if bubble := isolation.bubblewrap_with_devices():
        return bubble
    raise Crashed("a GPU is used inside bubblewrap only, which is missing here or not allowed")


def _error(failed: Failed) -> Exception:
    if failed.fault == "source":
        return Unplayable(failed.code, failed.message)
    if failed.fault == "memory":
        return LimitExceeded("memory", f"the job needed {failed.message} of memory")
    if failed.fault == "rung":
        return RungFailed(failed.code, failed.message)
    if failed.fault == "device":
        return DeviceFailed(failed.message)
    return Crashed(f"{failed.code}: {failed.message}")
