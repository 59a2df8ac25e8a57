"""Sounds of known loudness: what is measured, and what levelling makes of them."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from operator import mul

import pytest
from av.audio.frame import AudioFrame

from processors.media.filters import filtered
from processors.media.loudness import TARGET_LUFS, Meter, gain_db, levelling
from processors.media.model import Loudness

RATE = 48_000


def tone(level_db: float, seconds: int = 5, bang_db: float | None = None) -> list[AudioFrame]:
    """A sine of 997 Hz on both channels, peaking at `level_db`; its third second begins with 10 ms at `bang_db`."""
    return list(_tone(level_db, seconds, bang_db))


def _tone(level_db: float, seconds: int, bang_db: float | None) -> Iterator[AudioFrame]:
    sine = [math.sin(2 * math.pi * 997 * n / RATE) for n in range(RATE)]
    for second in range(seconds):
        bang = RATE // 100 if bang_db is not None and second == 2 else 0
        peaks = [10 ** ((bang_db or 0) / 20)] * bang + [10 ** (level_db / 20)] * (RATE - bang)
        wave = array("f", map(mul, sine, peaks)).tobytes()
        frame = AudioFrame("fltp", "stereo", RATE)
        frame.sample_rate, frame.pts, frame.time_base = RATE, second * RATE, Fraction(1, RATE)
        for plane in frame.planes:
            plane.update(wave)
        yield frame


def loudness(frames: list[AudioFrame]) -> Loudness:
    meter = Meter(true_peak=True)
    for frame in frames:
        meter.hear(frame)
    return meter.result()


def levelled(frames: list[AudioFrame]) -> Loudness:
    return loudness(list(filtered(frames, levelling(loudness(frames)))))


def test_a_stereo_sine_is_as_loud_as_the_standard_says():
    found = loudness(tone(-23))  # EBU Tech 3341, test 1

    assert found.lufs == pytest.approx(-23, abs=0.1)
    assert found.peak_db == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("level_db", [-30, -23, -3])
def test_quiet_and_loud_become_equally_loud(level_db: float):
    assert levelled(tone(level_db)).lufs == pytest.approx(TARGET_LUFS, abs=0.1)


def test_peaks_stay_below_the_ceiling():
    quiet_with_a_bang = tone(-33, bang_db=-6)
    before = loudness(quiet_with_a_bang)

    assert before.peak_db + gain_db(before) > 0  # the gain alone would clip it
    assert levelled(quiet_with_a_bang).peak_db <= -1.4


def test_peaks_between_samples_stay_below_it_too():
    """A quarter of the rate, an eighth of a turn late: every sample is 3 dB below the peak beside it."""
    wave = array("f", [0.7 * math.sin(math.pi * (n / 2 + 1 / 4)) * (n // 4800 % 2 or 0.05) for n in range(RATE)])
    frame = AudioFrame("fltp", "stereo", RATE)
    frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
    for plane in frame.planes:
        plane.update(wave.tobytes())
    heard = Loudness(lufs=TARGET_LUFS - 6, range_lu=0, peak_db=-6.1)
    limited = list(filtered([frame], levelling(heard)))
    assert loudness(limited).peak_db <= -1.3
    assert sum(each.samples for each in limited) == RATE


def test_silence_stays_silent():
    assert loudness([]) == Loudness(lufs=-70, range_lu=0, peak_db=-120)
    assert levelled(tone(-90)).lufs == -70


def test_what_is_nearly_silent_is_raised_a_little():
    assert gain_db(loudness(tone(-50))) == 15
