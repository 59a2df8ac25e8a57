"""What is fetched is what the lock file says, and nothing is fetched twice."""

import hashlib
import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from deploy.local import fetching, locks
from deploy.local.fetching import FetchFailed, fetch
from deploy.local.locks import Artifact
from deploy.local.meter import Meter


def nothing(text: str) -> None: ...


def archive(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A lock file of a jar and an archive, and a repository that has both; the list of what was asked of it."""
    has = {"org.a:one:1.0": b"a jar", "org.b:two:2.0:all:tar.gz": archive("run.jar", b"another")}
    rows = [(coordinate, hashlib.sha256(content).hexdigest()) for coordinate, content in has.items()]
    (tmp_path / "pair.lock.json").write_text(json.dumps(rows))
    asked: list[str] = []

    def download(artifact: Artifact, folder: Path, meter: Meter) -> Path:
        asked.append(artifact.coordinate)
        path = folder / artifact.filename
        path.write_bytes(has[artifact.coordinate])
        return path

    monkeypatch.setattr(locks, "LOCKS", tmp_path)
    monkeypatch.setattr(fetching, "download", download)
    return asked


def test_a_coordinate_names_its_file():
    assert Artifact("org.a:one:1.0", "").filename == "one-1.0.jar"
    assert Artifact("org.b:two:2.0:all:tar.gz", "").filename == "two-2.0-all.tar.gz"


def test_a_library_holds_jars_and_unpacked_archives(downloads: list[str], tmp_path: Path):
    library = fetch(tmp_path / "cache", "pair", nothing)
    assert {path.name: path.read_bytes() for path in library.iterdir()} == {
        "one-1.0.jar": b"a jar",
        "run.jar": b"another",
    }


def test_nothing_is_fetched_twice(downloads: list[str], tmp_path: Path):
    first, second = (fetch(tmp_path / "cache", "pair", nothing) for _ in range(2))
    assert first == second
    assert len(downloads) == 2


@pytest.mark.usefixtures("downloads")
def test_what_a_killed_process_was_downloading_is_cleared(tmp_path: Path):
    old, fresh = tmp_path / "cache" / "download-old", tmp_path / "cache" / "download-fresh"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    fetch(tmp_path / "cache", "pair", nothing)
    assert fresh.exists()
    assert not old.exists()


def test_an_interrupted_fetch_goes_on_where_it_stopped(downloads: list[str], tmp_path: Path):
    fetch(tmp_path / "cache", "pair", nothing)
    for library in (tmp_path / "cache" / "lib").iterdir():
        library.rename(tmp_path / "gone")
    jar = hashlib.sha256(b"a jar").hexdigest()
    (tmp_path / "cache" / "artifacts" / jar[:2] / jar).unlink()
    downloads.clear()

    fetch(tmp_path / "cache", "pair", nothing)

    assert downloads == ["org.a:one:1.0"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "FIRST_DELAY_SECONDS", 0)


@pytest.mark.usefixtures("downloads", "impatient")
def test_what_can_not_be_had_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def refuse(artifact: Artifact, folder: Path, meter: Meter) -> Path:
        raise ConnectionError("no route")

    monkeypatch.setattr(fetching, "download", refuse)
    with pytest.raises(FetchFailed, match=r"org\..*: no route \(5 attempts\)"):
        fetch(tmp_path / "cache", "pair", nothing)
    assert not list((tmp_path / "cache").glob("lib/*"))


@pytest.mark.usefixtures("downloads", "impatient")
def test_other_content_than_promised_is_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def forge(artifact: Artifact, folder: Path, meter: Meter) -> Path:
        path = folder / artifact.filename
        path.write_bytes(b"forged")
        return path

    monkeypatch.setattr(fetching, "download", forge)
    with pytest.raises(FetchFailed, match=r"sha256 is .*, the lock file says"):
        fetch(tmp_path / "cache", "pair", nothing)
    assert not [path for path in (tmp_path / "cache" / "artifacts").rglob("*") if path.is_file()]
