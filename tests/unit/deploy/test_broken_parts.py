"""What is cleared out of the store's folder, and what is not."""

from __future__ import annotations

import os
from pathlib import Path

from deploy.local.broken_parts import STILL_SECONDS, clear

NOW = 1_767_225_600.0
UPLOAD = "playlog/.mpus-5d660110-62bb-482b-b67f-28ef949f5683-sources"
VIDEO = "01a20708-36d4-76f1-98d9-d1467a3bb0ca"
BROKEN_OFF = f"{VIDEO}-8-6c3d8412-3927-47b7-ba26-b00506980682"


def stored(data: Path, name: str, age: float) -> Path:
    path = data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (NOW - age, NOW - age))
    return path


def test_a_part_that_was_broken_off_is_cleared_away(tmp_path: Path) -> None:
    broken = stored(tmp_path, f"{UPLOAD}/{BROKEN_OFF}", age=STILL_SECONDS + 1)
    clear(tmp_path, NOW)
    assert not broken.exists()


def test_a_part_that_is_being_written_stays(tmp_path: Path) -> None:
    growing = stored(tmp_path, f"{UPLOAD}/{BROKEN_OFF}", age=STILL_SECONDS - 1)
    clear(tmp_path, NOW)
    assert growing.exists()


def test_whole_parts_and_objects_stay_however_old(tmp_path: Path) -> None:
    names = [
        f"{UPLOAD}/{VIDEO}-8",
        f"{UPLOAD}/{VIDEO}-stub",
        f"playlog/sources/{VIDEO}",
        f"playlog/sources/{BROKEN_OFF}",
    ]
    old = [stored(tmp_path, name, age=1e6) for name in names]
    clear(tmp_path, NOW)
    assert [path for path in old if not path.exists()] == []
