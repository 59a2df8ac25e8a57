"""HDR as SDR: the curves against the standards' own numbers, and what becomes of light and colour."""

from __future__ import annotations

from itertools import pairwise

import pytest

from processors.media.tone import from_hlg, from_pq, rolled_off, sdr, to_pq


@pytest.mark.parametrize(("nits", "code"), [(0, 0.0), (100, 0.508), (203, 0.581), (1000, 0.752), (10_000, 1.0)])
def test_pq_codes_are_those_of_bt_2408(nits: float, code: float) -> None:
    assert to_pq(nits) == pytest.approx(code, abs=0.001)
    assert from_pq(to_pq(nits)) == pytest.approx(nits, rel=1e-6)


@pytest.mark.parametrize(("code", "light"), [(0, 0), (0.5, 1 / 12), (0.75, 0.2650), (1.0, 1.0)])
def test_hlg_codes_are_those_of_bt_2100(code: float, light: float) -> None:
    assert from_hlg(code) == pytest.approx(light, abs=0.001)


def test_light_below_the_knee_stays_and_above_it_bends_to_white() -> None:
    assert [rolled_off(nits) for nits in (0.1, 10, 80)] == [0.1, 10, 80]
    assert rolled_off(1000) == pytest.approx(203, rel=0.001)
    assert rolled_off(10_000) == pytest.approx(203, rel=0.001)
    bent = [rolled_off(nits) for nits in range(1, 1000)]
    assert all(a < b for a, b in pairwise(bent))


def test_reference_white_is_nearly_white_and_grey_stays_grey() -> None:
    r, g, b = sdr((203.0, 203.0, 203.0))
    assert r == pytest.approx(0.90, abs=0.01)
    assert (g, b) == (pytest.approx(r, abs=0.002), pytest.approx(r, abs=0.002))
    assert sdr((0.0, 0.0, 0.0)) == (0.0, 0.0, 0.0)


def test_a_bright_colour_keeps_its_hue() -> None:
    """Of BT.709's red, as BT.2020 sees it, at 80 nits and ten times as bright."""
    red = (0.6274, 0.0691, 0.0164)
    dim, bright = (sdr((red[0] * nits, red[1] * nits, red[2] * nits)) for nits in (80, 800))
    assert max(dim[1:]) < 0.05
    assert max(bright[1:]) < 0.08
    assert bright[0] > dim[0]
