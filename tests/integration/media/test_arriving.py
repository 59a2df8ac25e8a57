"""What is made of the parts of a file that are there is what would be made of the whole, container by container."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import aclosing
from pathlib import Path

import pytest

from processors.media.confined import confined
from processors.media.jobs import AudioJob, ChunkJob, Job, ProbeJob
from processors.media.made import Made, Probed, SegmentGroup
from processors.media.model import Probe
from processors.media.plan import plan
from streams.arriving import NotThere
from tests.grainy import grainy

MIB = 1 << 20
SECONDS = 30
FORMS = {
    "index-in-front": ("mp4", {"movflags": "faststart"}),
    "index-at-the-end": ("mp4", {}),
    "matroska": ("matroska", {}),
    "transport-stream": ("mpegts", {}),
}


class Parts:
    """A file of which some parts, of a MiB each, are there."""

    def __init__(self, data: bytes, there: Collection[int] | None = None) -> None:
        self.size, self.count, self._data = len(data), -(-len(data) // MIB), data
        self.whole = there is None
        self._there = set(range(self.count)) if there is None else set(there)
        self.whole = there is None

    async def read(self, offset: int, length: int) -> bytes:
        if offset < self.size and offset // MIB not in self._there:
            raise NotThere("file", offset)
        return self._data[offset : offset + length]


async def of(job: Job, source: Parts, most: int = 1000) -> tuple[list[Made], NotThere | None]:
    """What the job makes, and what it lacked in the end."""
    made: list[Made] = []
    try:
        async with aclosing(confined(job, source)) as messages:
            async for one in messages:
                made.append(one)
                if len(made) == most:
                    break
    except NotThere as lacking:
        return made, lacking
    return made, None


def keys(made: list[Made]) -> list[str]:
    return [coded.segment.key for group in made if isinstance(group, SegmentGroup) for coded in group.coded]


def chunk(about: Probe) -> ChunkJob:
    planned = plan(about)
    assert about.video is not None
    return ChunkJob(video_id="v", video=about.video, chunk=planned.chunks[0], rungs=planned.rungs[:1])


@pytest.mark.parametrize("form", FORMS)
def test_the_beginning_is_probed_and_encoded_before_the_middle_is_there(form: str, tmp_path: Path) -> None:
    muxer, options = FORMS[form]
    data = grainy(tmp_path / "clip", SECONDS, muxer, **options).read_bytes()
    asyncio.run(_beginning_and_end(data))


async def _beginning_and_end(data: bytes) -> None:
    count = Parts(data).count
    leading = round(0.4 * count)
    early = Parts(data, {*range(leading), *range(count - 5, count)})
    [found], lacking = await of(ProbeJob(), early)
    [whole], _ = await of(ProbeJob(), Parts(data))
    assert lacking is None
    assert isinstance(found, Probed)
    assert found == whole
    segments, lacking = await of(chunk(found.probe), early)
    assert (len(keys(segments)), lacking) == (3, None)
    assert keys(segments) == keys((await of(chunk(found.probe), Parts(data)))[0])
    sound = AudioJob(video_id="v", stream=found.probe.audio[0].index, duration_ms=SECONDS * 1000, level_ms=4_000)
    heard, lacking = await of(sound, early)
    assert lacking is not None
    assert lacking.offset // MIB >= leading
    assert len(keys(heard)) >= 3
    assert keys(heard) == keys((await of(sound, Parts(data), most=len(heard)))[0])


def test_an_index_in_front_tells_the_length_before_the_end_is_there(tmp_path: Path) -> None:
    data = grainy(tmp_path / "clip", 12, "mp4", movflags="faststart").read_bytes()
    [early], _ = asyncio.run(of(ProbeJob(by_index=True), Parts(data, {0, 1})))
    [whole], _ = asyncio.run(of(ProbeJob(), Parts(data)))
    assert isinstance(early, Probed)
    assert isinstance(whole, Probed)
    assert abs(early.probe.duration_ms - whole.probe.duration_ms) < 100
    assert (early.probe.video, early.probe.audio) == (whole.probe.video, whole.probe.audio)


def test_what_needs_the_middle_says_where_and_nothing_is_made_up(tmp_path: Path) -> None:
    data = grainy(tmp_path / "clip", 12, "mp4", movflags="faststart").read_bytes()
    found, _ = asyncio.run(of(ProbeJob(), Parts(data)))
    assert isinstance(found[0], Probed)
    made, lacking = asyncio.run(of(chunk(found[0].probe), Parts(data, {0, 1, Parts(data).count - 1})))
    assert keys(made) == []
    assert lacking is not None
    assert lacking.offset == 2 * MIB
