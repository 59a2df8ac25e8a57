"""MovieLens 100k as watches: fetched with recbole's wheel when it is measured, never kept in the repository."""

from __future__ import annotations

import random
import subprocess
import sys
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from deploy.local.configuration import Local

PACKAGE = "recbole==1.2.1"
MEMBER = "recbole/dataset_example/ml-100k/ml-100k.inter"


@dataclass(frozen=True)
class Watch:
    """One rating, taken as a watch. `at` in s."""

    video_id: str
    stars: int
    at: float


def histories() -> dict[str, list[Watch]]:
    """By viewer, what they rated, the earliest first; at equal times, which half of them have, by chance (seed 7)."""
    chance, found = random.Random(7), defaultdict[str, list[Watch]](list)
    for line in _file().read_text().splitlines()[1:]:
        viewer, video, stars, at = line.split("\t")
        found[viewer].append(Watch(video, int(float(stars)), float(at)))
    for watches in found.values():
        chance.shuffle(watches)
        watches.sort(key=lambda watch: watch.at)
    return dict(found)


def _file() -> Path:
    """Path of the ratings, fetched once into the download cache; CalledProcessError without a network."""
    folder = Local.from_environment().cache / "movielens"
    wanted = folder / Path(MEMBER).name
    if not wanted.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder)]
        subprocess.run([*pip, PACKAGE], check=True)
        (wheel,) = folder.glob("recbole-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            wanted.write_bytes(archive.read(MEMBER))
        wheel.unlink()
    return wanted
