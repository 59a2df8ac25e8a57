"""What the engine reaches into of Faust, mode and aiokafka, read from its source: it asks for a contract each."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import streams

LIBRARIES = ("faust", "mode", "aiokafka")
ROOM = Path(streams.__file__).parent


def touched() -> dict[str, str]:
    """Private names of the libraries that `streams/` uses, and whatever its classes override: where, by name."""
    found: dict[str, str] = {}
    for path in sorted(ROOM.glob("*.py")):
        tree = ast.parse(path.read_text())
        if imports(tree) & {*LIBRARIES, "streams"}:
            for name, line in [*reached(tree), *inherited(path.stem, tree)]:
                found.setdefault(name, f"{path.name}:{line}")
    return found


def imports(tree: ast.Module) -> set[str]:
    """The packages that a module imports from."""
    named = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return {name.partition(".")[0] for name in (*named, *plain)}


def reached(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Private attributes of anything but oneself, private names imported, and names in strings for `getattr`."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="super"))):
                continue
            case ast.Attribute(attr=name) if private(name):
                yield name, node.lineno
            case ast.ImportFrom(module=str(module)) if module.startswith(LIBRARIES):
                yield from ((alias.name, node.lineno) for alias in node.names if private(alias.name))
            case ast.Call(func=ast.Name(id="getattr" | "setattr"), args=[_, ast.Constant(value=str(name)), *_]):
                yield from ([(name, node.lineno)] if private(name) else [])
            case _:
                continue


def inherited(module: str, tree: ast.Module) -> Iterator[tuple[str, int]]:
    """What classes with a library's class among their bases override, and its private attributes that they use."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = library_bases(module, node.name)
        if not bases:
            continue
        known = {name for base in bases for name in names_of(base)}
        for inner in ast.walk(node):
            match inner:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name in known:
                    yield name, inner.lineno
                case ast.Attribute(value=ast.Name(id="self"), attr=name) if private(name) and name in known:
                    yield name, inner.lineno
                case _:
                    continue


def library_bases(module: str, name: str) -> list[type]:
    made = getattr(importlib.import_module(f"streams.{module}"), name, object)
    return [base for base in made.__mro__ if base.__module__.startswith(LIBRARIES)]


def names_of(base: type) -> set[str]:
    """Attributes of a class and those that its methods give its objects."""
    given = {
        node.attr
        for node in ast.walk(ast.parse(dedent(inspect.getsource(base))))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    return {*vars(base), *inspect.get_annotations(base), *given}


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")
