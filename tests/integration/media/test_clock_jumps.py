"""Transport streams as receivers and recorders leave them: joined, restarted, with a clock that begins anew."""

from __future__ import annotations

import io

import pytest

from processors.media.jumps import jumps_in
from processors.media.transport import ROUND, Kind, times, write
from tests.media_clips import Clip, make, number_of
from tests.media_encode import Encoded, encoded

FPS = 12
LONG, SHORT = (Clip(container="ts", seconds=seconds, fps=FPS, options={"g": "12"}) for seconds in (5, 3))
BEFORE_ROUND = ROUND / 90_000 - 2  # seconds


def numbers(result: Encoded) -> list[int]:
    frames = result.frames("180p")
    assert [at for at, _ in frames] == pytest.approx([n / FPS for n in range(len(frames))], abs=1e-4)
    return [number_of(frame) for _, frame in frames]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((LONG, 0), (SHORT, 0)),
        ((SHORT, 0), (LONG, 0)),
        ((SHORT, 0), (LONG, 5000)),
        ((LONG, BEFORE_ROUND), (SHORT, 0)),
    ],
    ids=["back", "back and further", "ahead", "round and back"],
)
def test_after_a_jump_pictures_and_sound_go_on(first: tuple[Clip, float], second: tuple[Clip, float]):
    files = [make(clip, output_ts_offset=str(offset)) for clip, offset in (first, second)]
    result = encoded(b"".join(files), cuts_ms=[6000])

    assert result.probe.duration_ms == pytest.approx(8000, abs=50)
    joined = round(first[0].seconds)
    assert numbers(result) == [*range(joined * FPS), *range((8 - joined) * FPS)]
    assert result.beeps() == pytest.approx(list(range(8)), abs=0.03)


def test_a_clock_that_begins_anew_is_no_jump():
    data = make(LONG, output_ts_offset=str(BEFORE_ROUND))

    assert jumps_in(io.BytesIO(data), len(data)) == []
    assert numbers(encoded(data)) == list(range(5 * FPS))


def test_of_three_recordings_none_is_lost_and_a_steady_one_is_left_as_it_is():
    data = make(SHORT)
    assert jumps_in(io.BytesIO(data), len(data)) == []
    assert len(jumps_in(io.BytesIO(data * 3), 3 * len(data))) == 2


def test_wrong_decode_times_and_damage_beside_a_jump_are_survived():
    data = bytearray(make(LONG) + make(SHORT))
    for count, told in enumerate([told for told in times(data) if told.kind is Kind.DTS]):
        if count % 3 == 1:
            write(data, told, 0)
    middle = len(make(LONG)) // 188 * 188 + 188 * 20
    data[middle : middle + 188 * 4] = bytes(188 * 4)
    result = encoded(bytes(data), cuts_ms=[6000])

    assert result.probe.duration_ms == pytest.approx(8000, abs=300)
    assert len(result.frames("180p")) > 6 * FPS
