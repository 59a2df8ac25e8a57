"""Order that the edge is filled with every video that is published.

In:      videos      (VideoPublished, by video)
Out:     edge-tasks  (WarmRequested, by task)
State:   none
Replay:  safe: an encode is published once, and names its task
"""

from __future__ import annotations

from schemas.edge_tasks import WarmRequested
from schemas.videos import VideoPublished
from streams.event import natural_id
from streams.processor import fold


@fold(reads=VideoPublished, emits=WarmRequested)
def order_warming(published: VideoPublished) -> list[WarmRequested]:
    """A second encode of a video has other segments, and is another task."""
    task = natural_id("warm", published.video_id, published.encode_id)
    return [WarmRequested(task_id=task, video_id=published.video_id)]
