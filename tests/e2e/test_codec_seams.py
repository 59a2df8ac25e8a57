"""VP9 and AV1 of two chunks play in dash.js from the first frame to the last, over the seam."""

from __future__ import annotations

import asyncio
import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from playwright.sync_api import Browser

from deploy.local.report import Report
from deploy.local.web import INSTALLED, install_packages
from processors.media import dash
from processors.media.names import link
from tests.media_clips import Clip, make
from tests.media_encode import Encoded, encoded

PAGE = """<video id="player" muted></video><script src="dash.js"></script><script>
const player = document.getElementById("player"), dash = dashjs.MediaPlayer().create()
window.failed = []
dash.on("error", (event) => failed.push(event.error.message))
dash.initialize(player, new URLSearchParams(location.search).get("manifest"), true, 0)
</script>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def archived() -> Encoded:
    return encoded(make(Clip(width=320, height=180, seconds=7)), cuts_ms=[6000], policy="archive")


@pytest.fixture(scope="module")
def site(archived: Encoded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The segments, a manifest for each codec beside H.264, and a page that plays one; the site's address."""
    folder = tmp_path_factory.mktemp("site")
    with ThreadPoolExecutor(1) as beside:  # Playwright runs a loop of its own
        beside.submit(asyncio.run, install_packages(Report().step("web page"))).result()
    shutil.copy(INSTALLED / "dashjs" / "dist" / "modern" / "umd" / "dash.all.min.js", folder / "dash.js")
    (folder / "page.html").write_text(PAGE)
    for key, data in archived.objects.items():
        (folder / link(key)).parent.mkdir(exist_ok=True)
        (folder / link(key)).write_bytes(data)
    whole = archived.presentation()
    for codec in ("vp9", "av1"):
        tracks = [track for track in whole.tracks if track.kind == "audio" or track.codec in ("h264", codec)]
        text = dash.manifest(msgspec.structs.replace(whole, tracks=tracks), 0)
        (folder / f"{codec}.mpd").write_text(text)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("codec", ["vp9", "av1"])
def test_a_codec_plays_from_the_first_frame_to_the_last(
    browser: Browser, site: str, archived: Encoded, codec: str
) -> None:
    page, asked = browser.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url.removeprefix(f"{site}/")))
    page.goto(f"{site}/page.html?manifest={codec}.mpd")
    page.wait_for_function("player.ended || failed.length", timeout=120_000)
    assert page.evaluate("failed") == []
    shown, dropped = page.evaluate(
        "(({totalVideoFrames, droppedVideoFrames}) => [totalVideoFrames, droppedVideoFrames])"
        "(player.getVideoPlaybackQuality())"
    )
    page.close()
    assert shown + dropped >= 7 * 24 - 2
    assert {link(segment.key) for segment in archived.of(f"180p-{codec}")} <= set(asked)
