"""Put a new processor's files where they belong, and its name into the indexes."""

from __future__ import annotations

import re
from pathlib import Path

from deploy.scaffold import sources
from deploy.scaffold.request import Request
from deploy.scaffold.sources import package
from streams.catalogue import Catalogue
from streams.generate import module
from streams.releases import release

INDEX = {"fold": "FOLDS", "view": "VIEWS", "work": "WORKS"}
ASSEMBLY = Path("deploy") / "assembly.py"


def write(root: Path, r: Request) -> list[Path]:
    """Write everything; the paths written or changed, relative to `root`. No file of another is overwritten."""
    made = _new_files(r)
    for path, text in made.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if text or not target.exists():
            with open(target, "x") as file:
                file.write(text)
    changed = [ASSEMBLY] if r.kind == "work" else [ASSEMBLY, _read_by(root, r)]
    assembly = root / ASSEMBLY
    assembly.write_text(listed(assembly.read_text(), r))
    return [*made, *changed, *_records(root, r)]


def _new_files(r: Request) -> dict[Path, str]:
    room = Path("processors") / r.room
    files = {Path(r.file): sources.processor(r), Path("tests/unit/processors") / f"test_{r.name}.py": sources.test(r)}
    if r.kind == "work":
        files |= _topic_files(r, r.reads, f"What {r.name} is to do.", r.event, "task_id", r.name, tasks=True)
    if r.kind != "view":
        files |= _topic_files(r, r.into, f"What {r.name} has come to.", r.emits, r.key, None, tasks=False)
    return files | {room / "__init__.py": ""}


def _topic_files(
    r: Request, name: str, purpose: str, event: str, key: str, reader: str | None, tasks: bool
) -> dict[Path, str]:
    folder = Path("schemas") / package(name)
    return {
        Path("topics") / f"{name}.yaml": sources.topic(name, purpose, r.room, key, event, reader, tasks),
        folder / f"{event}.avsc": sources.schema(name, event, purpose, key, ()),
        folder / f"{event}.json": sources.example(key, {}),
    }


def listed(assembly: str, r: Request) -> str:
    """The text of `deploy/assembly.py` with the processor imported, in order, and at the end of its kind's index."""
    imports = re.findall(r"^from processors\..+$", assembly, re.MULTILINE)
    line = f"from {r.module} import {r.name}"
    after = max((known for known in imports if known < line), default=None)
    assembly = (
        assembly.replace(after, f"{after}\n{line}", 1)
        if after
        else assembly.replace(imports[0], f"{line}\n{imports[0]}", 1)
    )
    index = re.search(rf"^{INDEX[r.kind]}: .*?^\)", assembly, re.MULTILINE | re.DOTALL)
    assert index is not None
    return assembly[: index.end() - 1] + f"    {r.name},\n" + assembly[index.end() - 1 :]


def _read_by(root: Path, r: Request) -> Path:
    """Name the reader in the topic that it reads."""
    path = Path("topics") / f"{r.reads}.yaml"
    lines = (root / path).read_text().splitlines()
    place = next((n for n, line in enumerate(lines) if line.startswith("read_by:")), None)
    if place is None:
        lines.append(f"read_by: [{r.name}]")
    else:
        lines[place] = re.sub(r"\]\s*$", f", {r.name}]", lines[place])
    (root / path).write_text("\n".join(lines) + "\n")
    return path


def _records(root: Path, r: Request) -> list[Path]:
    """The records of the new topics, and their schemas as released."""
    catalogue = Catalogue.load(root)
    new = [name for name in {r.reads, r.into} if name in catalogue.topics]
    paths = [Path("schemas") / package(name) / "__init__.py" for name in new]
    for name, path in zip(new, paths, strict=True):
        (root / path).write_text(module(catalogue, catalogue.topics[name]))
    release(root, catalogue, only=(r.event, r.emits))
    return paths
