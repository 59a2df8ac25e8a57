"""A video in every codec, each in two sizes and over two seams, and a site that players play it from."""

from __future__ import annotations

import asyncio
import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from deploy.local.report import Report
from deploy.local.web import INSTALLED, install_packages
from processors.media import dash, hls
from processors.media.model import Plan
from processors.media.names import link
from processors.media.plan import plan
from processors.media.tracks import pictures
from tests.media_clips import Clip, make
from tests.media_encode import Encoded, encoded, probed

HERE = Path(__file__).parent
SCRIPTS = {
    "hls.js": INSTALLED / "hls.js" / "dist" / "hls.min.js",
    "dash.js": INSTALLED / "dashjs" / "dist" / "modern" / "umd" / "dash.all.min.js",
    "shaka.js": HERE / "node_modules" / "shaka-player" / "dist" / "shaka-player.compiled.js",
}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="package")
def archived() -> Encoded:
    """Eight seconds as 216p and 108p in every codec, in chunks that begin at 0, 4 and 6 s; AAC and Opus."""
    data = make(Clip(width=384, height=216, seconds=8))
    return encoded(data, cuts_ms=[4000, 6000], planned=halved(plan(probed(data), "archive")))


def halved(planned: Plan) -> Plan:
    """Each rung once more at half its size: the ladder of so small a source has one."""
    low = [
        msgspec.structs.replace(rung, name=rung.name.replace("216p", "108p"), width=192, height=108)
        for rung in planned.rungs
    ]
    rungs = [rung for pair in zip(low, planned.rungs, strict=True) for rung in pair]
    sounds = [track for track in planned.tracks if track.kind == "audio"]
    return msgspec.structs.replace(planned, rungs=rungs, tracks=[*pictures(rungs), *sounds])


@pytest.fixture(scope="package")
def site(archived: Encoded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(archived, tmp_path_factory.mktemp("site")) as address:
        yield address


@contextmanager
def served(archived: Encoded, folder: Path) -> Iterator[str]:
    """The address of the segments, the complete manifests, and a page that plays one."""
    with ThreadPoolExecutor(1) as beside:  # Playwright runs a loop of its own
        beside.submit(asyncio.run, installed()).result()
    for name, script in SCRIPTS.items():
        shutil.copy(script, folder / name)
    for name in ("page.html", "players.js"):
        shutil.copy(HERE / name, folder / name)
    for key, data in archived.objects.items():
        (folder / link(key)).parent.mkdir(exist_ok=True)
        (folder / link(key)).write_bytes(data)
    whole = archived.presentation()
    (folder / "manifest.mpd").write_text(dash.manifest(whole, 0))
    (folder / "master.m3u8").write_text(hls.master(whole))
    for track in whole.tracks:
        (folder / f"{track.name}.m3u8").write_text(hls.media(whole, track.name))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


async def installed() -> None:
    step = Report().step("players")
    await install_packages(step)
    await install_packages(step, HERE)
