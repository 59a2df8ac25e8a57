"""What is published is at the edge already, and the browser plays it from there: another origin than the page's."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, Response

from deploy.edge.hits import lines, tally
from deploy.local.configuration import Local
from deploy.local.edge import request_log
from tests.e2e.test_first_minute import watch
from tests.platform_client import LIMIT_SECONDS, Platform


@pytest.fixture(scope="module")
def warmed(platform: Local, short_clip: Path) -> str:
    """The id of a published video that the edge has been filled with."""
    with Platform(platform.page, "dora") as dora:
        video_id = dora.upload(short_clip)
        dora.wait(video_id, ["published"])
        limit = time.monotonic() + LIMIT_SECONDS
        while not (told := [e for e in dora.timeline(video_id) if e["type"] == "EdgeWarmed"]):
            assert time.monotonic() < limit
            time.sleep(0.5)
    event = told[0]["event"]
    assert event["requests"] > 10
    assert event["bytes"] > 50_000
    return video_id


@pytest.mark.parametrize("engine", ["hls", "dash"])
def test_the_first_viewers_are_served_by_the_edge_alone(page: Page, platform: Local, warmed: str, engine: str) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer) if "/media/" in answer.url else None)
    watch(page, warmed, engine)
    played = [answer for answer in answers if answer.request.method == "GET"]
    assert {urlsplit(answer.url).port for answer in played} == {platform.ports["edge"]}
    assert {answer.status for answer in played} <= {200, 206, 304}
    assert {answer.headers.get("x-cache") for answer in played} == {"HIT"}


def test_pictures_come_from_the_edge_too(platform: Local, warmed: str) -> None:
    with Platform(platform.page, "dora") as dora:
        poster = dora.video(warmed)["poster"]
    assert urlsplit(poster).port == platform.ports["edge"]
    assert httpx.get(poster, timeout=60).headers["X-Cache"] == "HIT"
    assert httpx.get(poster.replace("/media/", "/media/9"), timeout=60).status_code == 403


def test_the_log_counts_it(platform: Local, warmed: str) -> None:
    limit = time.monotonic() + LIMIT_SECONDS
    while True:  # the log is flushed each second
        counted = tally(line for line in lines(request_log(platform)) if line.video_id == warmed)
        if counted.hits > 0 and counted.bytes > counted.hit_bytes > 0:
            return
        assert time.monotonic() < limit, counted
        time.sleep(0.2)
