"""Order a look into every completed upload.

In:      uploads        (UploadCompleted, by video)
Out:     probe-reports  (ProbeOrdered, by video)
State:   none
Replay:  safe: an upload completes once, and so is ordered once
"""

from __future__ import annotations

from schemas.probe_reports import ProbeOrdered
from schemas.uploads import UploadCompleted
from streams.processor import fold


@fold(reads=UploadCompleted, emits=ProbeOrdered)
def order_probe(done: UploadCompleted) -> list[ProbeOrdered]:
    """Forwarded into the topic of the fold that owns the probe."""
    return [
        ProbeOrdered(
            video_id=done.video_id,
            owner=done.owner,
            store_key=done.store_key,
            size=done.size,
            etag=done.etag,
            filename=done.filename,
            encoding=done.encoding,
        )
    ]
