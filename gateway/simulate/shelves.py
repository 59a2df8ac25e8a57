"""What shelves may show, given the truth. Pure: an answer and what is expected go in, differences come out."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from gateway.simulate.compare import Compared
from gateway.simulate.trends import DAY, EPOCH, HOUR, Range
from gateway.simulate.wire import Json

HALF_LIVES = {"1h": HOUR, "24h": DAY}
CLOSE = 1e-4  # of a score: what a float and a millisecond cost
EXACT_VIEWERS = 32  # beyond that their number is an estimate


def look_at_trending(
    found: Compared, answer: Json, logs: Mapping[str, Range], viewers: Mapping[str, int], limit: int
) -> None:
    """Scores, viewers and order of GET /v1/trending, and that nothing is missing. `logs` and `viewers` by video.

    How many viewers are needed is the operator's to set: with as many as another that is listed, a video must be.
    """
    listed = [video for video in answer["videos"] if video["video_id"] in logs]
    rate = math.log(2) / HALF_LIVES[answer["window"]]
    for video in listed:
        _look_at(found, video, logs[video["video_id"]], viewers[video["video_id"]], rate, answer["at"])
    scores = [video["score"] for video in answer["videos"]]
    found.look(scores == sorted(scores, reverse=True), f"trending {answer['window']}: not in the order of its scores")
    if len(answer["videos"]) < limit:
        least = min((viewers[video["video_id"]] for video in listed), default=EXACT_VIEWERS)
        missing = {video for video, count in viewers.items() if count >= least} - {v["video_id"] for v in listed}
        found.look(not missing, f"trending {answer['window']}: {', '.join(sorted(missing))} not listed")


def _look_at(found: Compared, video: Json, log: Range, viewers: int, rate: float, at: int) -> None:
    name, decay = f"trending score of {video['video_id']}", rate * (at / 1000 - EPOCH)
    low, high = math.exp(log.low - decay), math.exp(log.high - decay)
    told = f"{name}: {video['score']} shown, {low} to {high} true"
    found.look(low * (1 - CLOSE) <= video["score"] <= high * (1 + CLOSE), told)
    if viewers < EXACT_VIEWERS:
        found.look(video["viewers"] == viewers, f"{name}: {video['viewers']} viewers shown, {viewers} true")


def look_at_recommended(found: Compared, answer: Json, viewer: str, left_out: Collection[str]) -> None:
    """Nothing that the viewer has watched or rated down may be on their shelf, and each says why."""
    shown = {video["video_id"] for video in answer["videos"]}
    wrong = shown & {*left_out}
    found.look(not wrong, f"recommended to {viewer} though watched or rated down: {', '.join(sorted(wrong))}")
    found.look(all(video["reason"]["text"] for video in answer["videos"]), f"recommended to {viewer} without a reason")
