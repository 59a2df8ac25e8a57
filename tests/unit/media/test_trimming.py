"""A rung that brings nothing is left out, never the lowest."""

from __future__ import annotations

import pytest

from processors.media.made import RungMeasure
from processors.media.measure import sample_chunks
from processors.media.trimming import saving, superfluous


def ladder(*likeness: float) -> list[RungMeasure]:
    return [RungMeasure(rendition=str(n), kbps=100 * (n + 1), psnr=db) for n, db in enumerate(likeness)]


@pytest.mark.parametrize(
    ("likeness", "dropped"),
    [
        ((35.0, 39.0, 42.0), []),
        ((35.0, 35.2, 42.0), ["1"]),
        ((35.0, 39.0, 39.3), ["2"]),
        ((35.0, 34.0, 33.0), ["1", "2"]),
        ((46.0, 50.0, 55.0), ["1", "2"]),
        ((20.0,), []),
        ((), []),
    ],
)
def test_each_rung_has_to_bring_something_over_the_one_below(likeness: tuple[float, ...], dropped: list[str]):
    assert superfluous(ladder(*likeness)) == dropped


def test_what_is_dropped_is_saved():
    assert saving(ladder(35, 35.2, 42), ["1"]) == (600, 200)


@pytest.mark.parametrize(
    ("duration_ms", "starts"), [(60_000, [10_000, 30_000, 50_000]), (5_000, [0, 2_000, 4_000]), (900, [0])]
)
def test_samples_are_spread_over_the_video(duration_ms: int, starts: list[int]):
    assert [chunk.start_ms for chunk in sample_chunks(duration_ms)] == starts
