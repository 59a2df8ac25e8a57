"""Fetch a server's jars, exactly those of its lock file, into the cache that all installations share.

A lock file (`lockfiles/`) lists [coordinate, sha256]; nothing is resolved at run time. A file is kept under its
checksum once it has been verified, so an interrupted fetch goes on where it stopped, and processes that fetch
at the same time do not disturb each other.

Usage: python -m deploy.local.fetching CACHE SERVER
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from deploy.local.locks import Artifact, read_lock
from deploy.local.mendable import Mendable
from deploy.local.meter import Meter
from deploy.local.tool import run_tool

ATTEMPTS = 5
FIRST_DELAY_SECONDS = 1.0
TIMEOUT_SECONDS = 90
AT_A_TIME = 8
BROKEN_OFF_AFTER_SECONDS = 3600

Progress = Callable[[str], None]


class FetchFailed(Mendable):
    """A file could not be had, or was not what the lock file promises."""


async def fetched(cache: Path, server: str, progress: Progress) -> Path:
    """The server's library; fetched, if it is not there, by a process that ends when this is cancelled."""
    library = library_folder(cache, server)
    if not library.exists():
        await run_tool([sys.executable, "-m", "deploy.local.fetching", str(cache), server], progress=progress)
    return library


def library_folder(cache: Path, server: str) -> Path:
    """Where the files of the lock file are, or will be: another content, another folder."""
    content = hashlib.sha256("".join(artifact.sha256 for artifact in read_lock(server)).encode()).hexdigest()
    return cache / "lib" / f"{server}-{content[:16]}"


def fetch(cache: Path, server: str, progress: Progress) -> Path:
    """The folder with everything of the server's lock file; blocks. Raises FetchFailed."""
    library = library_folder(cache, server)
    if not library.exists():
        _clear_broken_off(cache)
        artifacts = read_lock(server)
        _fetch_all(cache, artifacts, Meter(len(artifacts), progress))
        progress("unpacking")
        _assemble(cache, artifacts, library)
    return library


def _fetch_all(cache: Path, artifacts: list[Artifact], meter: Meter) -> None:
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        futures = [pool.submit(_fetch, cache, artifact, meter) for artifact in artifacts]
        try:
            for future in as_completed(futures):
                future.result()
                meter.file_done()
        finally:
            pool.shutdown(cancel_futures=True)


def _fetch(cache: Path, artifact: Artifact, meter: Meter) -> None:
    for attempt in range(ATTEMPTS):
        if _kept(cache, artifact).exists():
            return
        try:
            _download_verified(cache, artifact, meter)
        except Exception as reason:  # the downloader raises its own, requests' and the system's errors
            if attempt == ATTEMPTS - 1:
                raise FetchFailed(f"{artifact.coordinate}: {reason} ({ATTEMPTS} attempts)") from reason
            time.sleep(FIRST_DELAY_SECONDS * 2**attempt)


def _clear_broken_off(cache: Path) -> None:
    """Remove what killed processes were downloading."""
    for folder in cache.glob("download-*"):
        if time.time() - folder.stat().st_mtime > BROKEN_OFF_AFTER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _kept(cache: Path, artifact: Artifact) -> Path:
    return cache / "artifacts" / artifact.sha256[:2] / artifact.sha256


def _download_verified(cache: Path, artifact: Artifact, meter: Meter) -> None:
    kept = _kept(cache, artifact)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="download-") as folder:
        path = download(artifact, Path(folder), meter)
        with open(path, "rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != artifact.sha256:
            raise FetchFailed(f"sha256 is {found}, the lock file says {artifact.sha256}")
        os.replace(path, kept)


def download(artifact: Artifact, folder: Path, meter: Meter) -> Path:
    """The file from the public repository, into a `folder` of its own: jgo's cache can't be shared by threads."""
    from jgo.maven import MavenContext, PythonResolver  # 0.3 s to import, and rarely needed

    group, name, version, classifier, packaging = artifact.parts
    resolver = PythonResolver(progress_callback=meter.receiving)
    maven = MavenContext(resolver=resolver, timeout=TIMEOUT_SECONDS, repo_cache=folder, local_repos=[])
    component = maven.project(group, name).at_version(version)
    return Path(component.artifact(classifier=classifier, packaging=packaging).resolve())


def _assemble(cache: Path, artifacts: list[Artifact], library: Path) -> None:
    """Lay the folder out beside its place and move it there whole: it is complete or absent."""
    library.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=library.parent, prefix="making-"))
    try:
        for artifact in artifacts:
            kept = _kept(cache, artifact)
            if artifact.filename.endswith(".tar.gz"):
                with tarfile.open(kept) as archive:
                    archive.extractall(making, filter="data")
            else:
                (making / artifact.filename).hardlink_to(kept)
        making.rename(library)
    except OSError:
        if not library.exists():  # otherwise another process was faster
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def main() -> None:
    cache, server = sys.argv[1:]
    try:
        fetch(Path(cache), server, partial(print, flush=True))
    except FetchFailed as reason:
        sys.exit(f"{server} was not fetched: {reason}\n  mend: see that the network is there, and try again")


if __name__ == "__main__":
    main()
