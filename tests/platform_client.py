"""A client of a running platform, as anyone could write it from the HTTP interface."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

LIMIT_SECONDS = 240


class Platform:
    """Calls as one creator. A gateway that is away for a moment is asked again."""

    def __init__(self, page: str, subject: str) -> None:
        answer = httpx.post(
            f"{page}/v1/dev/token", json={"subject": subject, "role": "creator"}, timeout=60
        ).raise_for_status()
        bearer = {"Authorization": f"Bearer {answer.json()['token']}"}
        self.http = httpx.Client(base_url=page, headers=bearer, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def upload(self, file: Path, content_type: str = "video/mp4", **more: str) -> str:
        """Announce, put, complete; the video's id. `more` is announced, too."""
        about = {"filename": file.name, "size": file.stat().st_size, "content_type": content_type, "title": file.stem}
        about |= more
        announced = self.http.post("/v1/uploads", json=about).raise_for_status().json()
        _put(file.read_bytes(), announced["upload"], content_type)
        video_id: str = announced["video_id"]
        self.http.post(f"/v1/uploads/{video_id}/complete", json={}).raise_for_status()
        return video_id

    def video(self, video_id: str) -> dict[str, Any]:
        return self.http.get(f"/v1/videos/{video_id}").raise_for_status().json()

    def wait(self, video_id: str, states: Collection[str]) -> dict[str, Any]:
        """The video once it is in one of the states, and listed if published: views of two topics keep these.

        Raises TimeoutError with what it was last.
        """
        limit = time.monotonic() + LIMIT_SECONDS
        last: object = "nothing"
        while time.monotonic() < limit:
            try:
                last = video = self.video(video_id)
                if video["state"] in states and (video["state"] != "published" or video["renditions"]):
                    return video
            except (httpx.TransportError, httpx.HTTPStatusError) as error:
                last = error
            time.sleep(0.3)
        raise TimeoutError(f"{video_id} is not {' or '.join(states)} after {LIMIT_SECONDS} s, but {last}")

    def told(self, video_id: str, types: Collection[str]) -> list[dict[str, Any]]:
        """The timeline once it tells of all these: it is a view of its own, behind the log by a moment.

        After a while it is what there is by then.
        """
        limit = time.monotonic() + LIMIT_SECONDS
        events = self.timeline(video_id)
        while not set(types) <= {event["type"] for event in events} and time.monotonic() < limit:
            time.sleep(0.3)
            events = self.timeline(video_id)
        return events

    def found(self, video_id: str, words: str) -> None:
        """Return once a search for the words finds the video. Raises TimeoutError."""
        limit = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < limit:
            answer = self.http.get("/v1/search", params={"q": words, "limit": 50})
            if answer.is_success and video_id in {video["video_id"] for video in answer.json()["videos"]}:
                return
            time.sleep(0.3)
        raise TimeoutError(f"{video_id} is not found by {words!r} after {LIMIT_SECONDS} s")

    def timeline(self, video_id: str) -> list[dict[str, Any]]:
        """Everything that happened to a video, page by page."""
        events: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.http.get(f"/v1/videos/{video_id}/timeline", params=cursor).raise_for_status().json()
            events += page["events"]
            if not page["cursor"]:
                return events
            cursor = {"cursor": page["cursor"]}


def _put(data: bytes, plan: dict[str, Any], content_type: str) -> None:
    """Send it by one PUT, or in the parts of the plan (at most a hundred)."""
    size: int = plan.get("part_size", len(data))
    urls: list[str] = [part["url"] for part in plan["parts"]] if "parts" in plan else [plan["url"]]
    for index, url in enumerate(urls):
        body = data[index * size : (index + 1) * size]
        httpx.put(url, content=body, headers={"Content-Type": content_type}, timeout=60).raise_for_status()
