"""Real films to measure with: Big Buck Bunny (596 s, 720p24) and its trailer (55 s), from moviepy's source package."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from deploy.local.configuration import Local

PACKAGE = "moviepy==2.2.1"
INSIDE = "docs/_static/medias/getting_started/moviepy_10_minutes/moviepy_10_minutes.zip"
FILMS = {"trailer": "trailer_bbb.mp4", "film": "bbb.mp4"}


def film(name: str) -> Path:
    """Path of "trailer" or "film", fetched once into the download cache; CalledProcessError without a network."""
    folder = Local.from_environment().cache / "films"
    wanted = folder / FILMS[name]
    if not wanted.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _unpack(_fetched(folder), folder)
    return wanted


def _fetched(folder: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "-d", str(folder)]
    subprocess.run([*pip, PACKAGE], check=True)
    return next(folder.glob("moviepy-*.tar.gz"))


def _unpack(package: Path, folder: Path) -> None:
    with tarfile.open(package) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith(INSIDE))
        inner = archive.extractfile(member)
        assert inner
        with zipfile.ZipFile(inner) as films:
            for info in films.infolist():
                if Path(info.filename).name in FILMS.values():
                    (folder / Path(info.filename).name).write_bytes(films.read(info))
    package.unlink()
