"""Keep each video's score: how many viewers rate it, and their stars together.

In:      video-ratings  (RatingChanged, by video)
Out:     nothing
Into:    scores         (a row a video)
State:   the number of ratings and the sum of their stars
Replay:  safe: changes are added up in the order of the topic
"""

from __future__ import annotations

from processors.rating.tables import SCORES
from schemas.video_ratings import RatingChanged
from streams.processor import State, Step, fold


class Score(State, frozen=True):
    """The mean is `stars / ratings`."""

    ratings: int = 0
    stars: int = 0


@fold(reads=RatingChanged, into=SCORES)
def score_video(score: Score, change: RatingChanged) -> Step[Score]:
    """A change takes away what the viewer gave before and adds what they give now."""
    ratings = score.ratings + (change.after is not None) - (change.before is not None)
    stars = score.stars + (change.after or 0) - (change.before or 0)
    return Step(Score(ratings=ratings, stars=stars))
