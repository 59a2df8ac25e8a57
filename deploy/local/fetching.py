"""Fetch a server's jars, exactly those of its lock file, into the cache that all installations share.

A lock file (`lockfiles/`) lists [coordinate, sha256]; nothing is resolved at run time. A file is kept under its
checksum once it has been verified, so an interrupted fetch goes on where it stopped, and processes that fetch
at the same time do not disturb each other.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from deploy.local.locks import Artifact, read_lock
from deploy.local.mendable import Mendable

ATTEMPTS = 5
TIMEOUT_SECONDS = 90

Progress = Callable[[str], None]


class FetchFailed(Mendable):
    """A file could not be had, or was not what the lock file promises."""


class Fetcher:
    """Downloads into `cache`, a few files at a time over all servers."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._pool = ThreadPoolExecutor(12, thread_name_prefix="fetch")

    def library(self, name: str, progress: Progress) -> Path:
        """The folder with everything of lock file `name`; blocks. Raises FetchFailed."""
        artifacts = read_lock(name)
        content = hashlib.sha256("".join(artifact.sha256 for artifact in artifacts).encode()).hexdigest()
        library = self._cache / "lib" / f"{name}-{content[:16]}"
        if not library.exists():
            self._fetch_all(artifacts, progress)
            progress("unpacking")
            self._assemble(artifacts, library)
        return library

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _fetch_all(self, artifacts: list[Artifact], progress: Progress) -> None:
        done, size = 0, 0
        futures = [self._pool.submit(self._fetch, artifact) for artifact in artifacts]
        try:
            for future in as_completed(futures):
                done, size = done + 1, size + future.result().stat().st_size
                progress(f"fetching {done}/{len(artifacts)} files, {size / 1e6:.0f} MB")
        finally:
            for future in futures:
                future.cancel()

    def _fetch(self, artifact: Artifact) -> Path:
        kept = self._kept(artifact)
        for attempt in range(ATTEMPTS):
            if kept.exists():
                break
            try:
                self._download_verified(artifact, kept)
            except Exception as reason:  # the downloader raises its own, requests' and the system's errors
                if attempt == ATTEMPTS - 1:
                    raise FetchFailed(f"{artifact.coordinate}: {reason} ({ATTEMPTS} attempts)") from reason
                time.sleep(2**attempt)
        return kept

    def _kept(self, artifact: Artifact) -> Path:
        return self._cache / "artifacts" / artifact.sha256[:2] / artifact.sha256

    def _download_verified(self, artifact: Artifact, kept: Path) -> None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._cache, prefix="download-") as folder:
            path = download(artifact, Path(folder))
            with open(path, "rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != artifact.sha256:
                raise FetchFailed(f"sha256 is {found}, the lock file says {artifact.sha256}")
            os.replace(path, kept)

    def _assemble(self, artifacts: list[Artifact], library: Path) -> None:
        """Lay the folder out beside its place and move it there whole: it is complete or absent."""
        library.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=library.parent, prefix="making-"))
        try:
            for artifact in artifacts:
                kept = self._kept(artifact)
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


def download(artifact: Artifact, folder: Path) -> Path:
    """The file from the public repository, into a `folder` of its own: jgo's cache can't be shared by threads."""
    from jgo.maven import MavenContext  # 0.3 s to import, and rarely needed

    group, name, version, classifier, packaging = artifact.parts
    component = MavenContext(timeout=TIMEOUT_SECONDS, repo_cache=folder, local_repos=[]).project(group, name)
    return Path(component.at_version(version).artifact(classifier=classifier, packaging=packaging).resolve())
