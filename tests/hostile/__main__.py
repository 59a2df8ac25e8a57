"""Take files from standard input, each behind its length, and do with each what workers do; a line of JSON a file.

Shut in as a job is, before the first file is looked at: run under strace, nothing that opens or connects may follow
the line "shut in".
"""

from __future__ import annotations

import io
import json
import re
import sys
import time
import traceback
from typing import Any

import av.error

from processors.media import isolation, seccomp
from processors.media.audio import encode_audio
from processors.media.child import load_all
from processors.media.encode import encode_chunk
from processors.media.jobs import AudioJob, ChunkJob, PicturesJob
from processors.media.made import ChunkDone
from processors.media.model import Plan, Probe, Unplayable
from processors.media.pictures import take_pictures
from processors.media.plan import plan
from processors.media.probe import probe

MEMORY = 2 << 30


def main() -> None:
    load_all()
    status = io.FileIO("/proc/self/status")  # read from when nothing can be opened any more
    isolation.leave_network()
    isolation.limit(MEMORY, 3600, 3)
    assert seccomp.refuse_calls()
    _say({"said": "shut in"})
    while length := sys.stdin.buffer.read(4):
        data = sys.stdin.buffer.read(int.from_bytes(length, "big"))
        began = time.process_time()
        ended = _end(data)
        used = {
            "cpu_s": round(time.process_time() - began, 2),
            "mib": _most_memory(status),
        }
        _say({**ended, **used})


def _most_memory(status: io.FileIO) -> int:
    """The most MiB that this process ever held. (`ru_maxrss` begins with what held the process that started it.)"""
    status.seek(0)
    found = re.search(rb"VmHWM:\s+(\d+) kB", status.read())
    assert found
    return int(found[1]) >> 10


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _end(data: bytes) -> dict[str, Any]:
    """How the file ends: `published`, `rejected` with a code, or at a `limit`; else there is a bug."""
    try:
        about = probe(io.BytesIO(data), len(data))
        planned = plan(about)
        return {"end": "published", "duration_ms": about.duration_ms, **_encoded(data, about, planned)}
    except Unplayable as refused:
        return {"end": "rejected", "code": refused.code, "message": refused.message}
    except (MemoryError, av.error.MemoryError):
        return {"end": "limit"}
    except av.error.FFmpegError as error:
        return {"end": "rejected", "code": "damaged", "message": f"as the confined process says it: {error}"}
    except Exception:
        return {"end": "bug", "message": traceback.format_exc()}


def _encoded(data: bytes, about: Probe, planned: Plan) -> dict[str, Any]:
    """The first and the last chunk at the lowest rung, the pictures, the sound."""
    concealed = 0
    for chunk in {chunk.index: chunk for chunk in (*planned.chunks[:1], *planned.chunks[-1:])}.values():
        assert about.video is not None
        job = ChunkJob(video_id="v", video=about.video, chunk=chunk, rungs=planned.rungs[:1])
        for made in encode_chunk(io.BytesIO(data), job):
            concealed += made.concealed if isinstance(made, ChunkDone) else 0
    if about.video is not None:
        pictures = PicturesJob(video_id="v", video=about.video, duration_ms=about.duration_ms)
        _all(take_pictures(io.BytesIO(data), pictures))
    if planned.audio_stream is not None:
        sound = AudioJob(video_id="v", stream=planned.audio_stream, duration_ms=min(planned.duration_ms, 60_000))
        _all(encode_audio(io.BytesIO(data), sound))
    return {"chunks": len(planned.chunks), "concealed": concealed}


def _all(made: Any) -> None:
    for _ in made:
        pass


if __name__ == "__main__":
    main()
