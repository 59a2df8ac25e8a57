"""Settle what each viewer gives each video, so that a viewer counts once however often they change their mind.

In:      ratings         (VideoRated, RatingWithdrawn, RatingsForgotten, by viewer)
Out:     video-ratings   (RatingChanged, by video)
Into:    viewer_ratings  (a row a viewer)
State:   the viewer's stars by video; dropped when the viewer is forgotten, which changes no score. Rating takes a
         signed-in caller, whose pseudonym each gateway drops within a minute: a rating of that minute stays
Replay:  safe: repeats are dropped by their id, and the same ratings give the same changes
"""

from __future__ import annotations

from msgspec import field

from processors.rating.tables import VIEWER_RATINGS
from schemas.ratings import RatingsForgotten, RatingWithdrawn, VideoRated
from schemas.video_ratings import RatingChanged
from streams.processor import State, Step, fold

FEWEST, MOST = 1, 5


class Ratings(State, frozen=True):
    """`stars`, 1 to 5, by video: what the viewer gives at present."""

    stars: dict[str, int] = field(default_factory=dict[str, int])


@fold(reads=[VideoRated, RatingWithdrawn, RatingsForgotten], emits=RatingChanged, once=True, into=VIEWER_RATINGS)
def settle_rating(ratings: Ratings, event: VideoRated | RatingWithdrawn | RatingsForgotten) -> Step[Ratings]:
    """Tell the video only where something has changed. Raises ValueError for stars that can't be given."""
    match event:
        case VideoRated():
            return _given(ratings, event.video_id, _checked(event.stars))
        case RatingWithdrawn():
            return _given(ratings, event.video_id, None)
        case RatingsForgotten():
            return Step(None)


def _checked(stars: int) -> int:
    if not FEWEST <= stars <= MOST:
        raise ValueError(f"{stars} stars: a rating has {FEWEST} to {MOST}; drop this one and post another")
    return stars


def _given(ratings: Ratings, video_id: str, stars: int | None) -> Step[Ratings]:
    before = ratings.stars.get(video_id)
    if stars == before:
        return Step(ratings)
    others = {video: given for video, given in ratings.stars.items() if video != video_id}
    after = others if stars is None else {**others, video_id: stars}
    return Step(Ratings(stars=after), [RatingChanged(video_id=video_id, before=before, after=stars)])
