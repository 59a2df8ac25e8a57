"""The lock files: which jars a server consists of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

LOCKS = Path(__file__).parent / "lockfiles"


@dataclass(frozen=True)
class Artifact:
    """One line of a lock file: `group:artifact:version[:classifier[:packaging]]` and its checksum."""

    coordinate: str
    sha256: str

    @property
    def parts(self) -> tuple[str, str, str, str, str]:
        """Group, artifact, version, classifier ("" for none), packaging."""
        group, artifact, version, *rest = self.coordinate.split(":")
        classifier, packaging = (*rest, "", "")[:2]
        return group, artifact, version, classifier, packaging or "jar"

    @property
    def filename(self) -> str:
        _, artifact, version, classifier, packaging = self.parts
        return f"{artifact}-{version}{'-' * bool(classifier)}{classifier}.{packaging}"


def read_lock(name: str) -> list[Artifact]:
    rows: list[tuple[str, str]] = json.loads((LOCKS / f"{name}.lock.json").read_text())
    return [Artifact(*row) for row in rows]


def names() -> list[str]:
    """The servers that have a lock file."""
    return sorted(path.name.removesuffix(".lock.json") for path in LOCKS.glob("*.lock.json"))
