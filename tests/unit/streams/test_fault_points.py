"""The steps at which `make chaos` kills workers are steps of the engine, by their names of today."""

from __future__ import annotations

import inspect

import pytest

from tests.chaos.faults import POINTS


@pytest.mark.parametrize("point", POINTS)
def test_there_is_such_a_step(point: str) -> None:
    step = POINTS[point]
    assert inspect.iscoroutinefunction(getattr(step.owner, step.name))
