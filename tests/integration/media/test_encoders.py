"""Which encoders a machine has, by trying them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from processors.media import encoders
from processors.media.encoders import HARDWARE, SOFTWARE, refusals


@pytest.fixture(autouse=True)
def afresh():
    refusals.cache_clear()
    yield
    refusals.cache_clear()


def test_software_encodes_and_hardware_says_why_it_does_not():
    refused = refusals()

    assert [refused[name] for name in SOFTWARE] == [""] * len(SOFTWARE)
    without_device = not Path("/dev/nvidiactl").exists()
    assert not without_device or all("Error" in refused[name] for name in HARDWARE)


def test_an_encoder_that_crashes_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    crashing = tmp_path / "python"
    crashing.write_text("#!/bin/sh\nkill -SEGV $$\n")
    crashing.chmod(0o755)
    monkeypatch.setattr(encoders.sys, "executable", str(crashing))

    assert set(refusals().values()) == {"ended with status -11"}


def test_an_encoder_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    waiting = tmp_path / "python"
    waiting.write_text("#!/bin/sh\nexec sleep 600\n")
    waiting.chmod(0o755)
    monkeypatch.setattr(encoders.sys, "executable", str(waiting))
    monkeypatch.setattr(encoders, "PATIENCE_S", 0.1)

    assert set(refusals().values()) == {"no answer in 0.1 s"}
