"""Real films to measure with: Big Buck Bunny (596 s, 720p24) and its trailer (55 s), from moviepy's source package."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from deploy.local.configuration import Local

PACKAGE = "moviepy==2.2.1"
FOLDER = "docs/_static/medias/getting_started/moviepy_10_minutes"
FILMS = {"trailer": "trailer_bbb.mp4", "film": "bbb.mp4"}  # the film lies in an archive beside the trailer


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
        for member in archive.getmembers():
            if not member.isfile() or f"/{FOLDER}/" not in member.name:
                continue
            if member.name.endswith(FILMS["trailer"]):
                (folder / FILMS["trailer"]).write_bytes(_content(archive, member))
            elif member.name.endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(_content(archive, member))) as films:
                    inside = next(name for name in films.namelist() if Path(name).name == FILMS["film"])
                    (folder / FILMS["film"]).write_bytes(films.read(inside))
    package.unlink()


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    inner = archive.extractfile(member)
    assert inner
    return inner.read()
