"""What can be asked about ratings: one table a query."""

from __future__ import annotations

from streams.tables import Table

VIEWER_RATINGS = Table("viewer_ratings", key={"viewer_id": "text"}, columns={"stars": "map<text,int>"})  # by video

SCORES = Table("scores", key={"video_id": "text"}, columns={"ratings": "bigint", "stars": "bigint"})  # stars: their sum
