"""The gateway's own measures, in Prometheus form."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("playlog_gateway_requests_total", "Requests answered.", ("method", "route", "status"))
SECONDS = Histogram("playlog_gateway_request_seconds", "Time to answer a request.", ("route",))
LISTENERS = Gauge("playlog_gateway_listeners", "Open streams of live events.")
DROPPED = Counter("playlog_gateway_listeners_dropped_total", "Streams closed because their reader was too slow.")
BEACONS = Counter("playlog_gateway_beacons_total", "Beacons confirmed by the log, repeats included.")
BEACONS_REFUSED = Counter("playlog_gateway_beacons_refused_total", "Beacons that were not taken, by reason.", ("code",))
MEDIA_BYTES = Counter("playlog_gateway_media_bytes_total", "Bytes of segments and pictures sent.")
RENDERED = Counter("playlog_gateway_segment_lists_read_total", "Times a video's segment list was read from its table.")
RECOMMENDED = Counter("playlog_gateway_recommended_total", "Videos recommended, by what led to them.", ("reason",))
SOURCES_AWAY = Counter(
    "playlog_gateway_recommending_without_total", "Times that a source of recommendations did not answer.", ("source",)
)
IMPRESSIONS_LOST = Counter(
    "playlog_gateway_impressions_lost_total", "Recommendations answered whose impression is not in the log."
)
FOUND_NOTHING = Counter("playlog_gateway_searches_without_hits_total", "First pages of searches that found nothing.")
HIDDEN_HITS = Counter(
    "playlog_gateway_hidden_hits_total", "Hits left out because the library hides them: the index lags that much."
)
