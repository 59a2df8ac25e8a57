"""Imports point one way: who may know whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("streams", "schemas", "processors", "gateway", "deploy")
MAY_IMPORT: dict[str, set[str]] = {
    "streams": {"streams"},
    "schemas": {"streams", "schemas"},
    "processors": {"streams", "schemas", "processors"},
    "gateway": {"streams", "schemas", "gateway", "processors.media", "processors.ranking"},
    "deploy": set(ROOMS),
}
PURE = ("processors/media", "processors/ranking")
PURE_MAY_NOT_IMPORT = ("streams", "schemas", "aiokafka", "confluent_kafka", "faust", "aiohttp", "aiobotocore")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def within(name: str, allowed: set[str]) -> bool:
    return any(name == room or name.startswith(room + ".") for room in allowed)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((ROOT / room).rglob("*.py"))
        if "node_modules" not in path.parts
        for name in sorted(imports(path))
        if within(name, set(ROOMS))
        and name not in ROOMS
        and not within(name, MAY_IMPORT[room])
        and not any(allowed.startswith(name + ".") for allowed in MAY_IMPORT[room])
    ]
    assert not wrong


def test_pure_rooms_know_no_log_and_no_server() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for room in PURE
        for path in sorted((ROOT / room).rglob("*.py"))
        for name in sorted(imports(path))
        if name.split(".")[0] in PURE_MAY_NOT_IMPORT
    ]
    assert not wrong


def test_the_engine_says_no_word_about_videos() -> None:
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "streams").rglob("*.py"))
        if "video" in path.read_text().lower()
    ]
    assert not wrong, "streams/ could serve another platform tomorrow"
