"""The HTTP interface as an index: every call, its handler, who may make it, and what it is read from."""

from __future__ import annotations

from typing import Any

from gateway.access.account import forget_account
from gateway.access.development import give_token
from gateway.captions.change import TYPES, put_captions, remove_captions
from gateway.events.post import post_events
from gateway.finding.search import search_videos
from gateway.finding.suggest import suggest_titles
from gateway.finding.trending import show_trending
from gateway.health import config, healthz, metrics, readyz
from gateway.media.serve import preflight, serve_media
from gateway.openapi import show_openapi
from gateway.playback.analytics import show_analytics
from gateway.playback.beacons import post_beacons
from gateway.playback.sessions import begin_playback
from gateway.playback.told import Beacon
from gateway.ratings.rate import rate_video, withdraw_rating
from gateway.reads import (
    ANALYTICS_VIEWS,
    LIBRARY_VIEWS,
    OWNER_UPLOAD_VIEWS,
    RECOMMENDING_VIEWS,
    SCORE_VIEWS,
    SEARCH_VIEWS,
    SUGGEST_VIEWS,
    TIMELINE_VIEWS,
    UPLOAD_VIEWS,
    VIDEO_VIEWS,
)
from gateway.recommending.shelves import list_next, recommend_videos
from gateway.route import Route
from gateway.uploads.completion import abort_upload, complete_upload
from gateway.uploads.parts import give_urls, report_part
from gateway.uploads.start import start_upload
from gateway.uploads.status import show_upload
from gateway.videos.describe import delete_video, describe_video
from gateway.videos.live import stream_events
from gateway.videos.show import list_videos, show_video
from gateway.videos.timeline import show_timeline

UPLOAD = "/v1/uploads/{video_id}"
VIDEO = "/v1/videos/{video_id}"
MEDIA = "/media/{token}/{video_id}/{path:.+}"
OWN = (401, 403, 404, 422, 429, 503)
SEEN = (401, 403, 404, 422, 503)

EVENTS = "text/event-stream"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/uploads", start_upload, "Announce a file and get places to put it.",
          "creator", 201, (400, 401, 403, 409, 413, 415, 422, 429, 503), tag="uploads", views=OWNER_UPLOAD_VIEWS),
    Route("GET", UPLOAD, show_upload, "How far an upload is, and what the store holds of it.",
          "creator", 200, OWN, tag="uploads", views=UPLOAD_VIEWS),
    Route("POST", UPLOAD + "/parts", give_urls, "Fresh URLs for parts.",
          "creator", 200, (400, 409, *OWN), tag="uploads", views=UPLOAD_VIEWS),
    Route("PUT", UPLOAD + "/parts/{number}", report_part, "Report a stored part, for progress.",
          "creator", 202, (400, 409, *OWN), tag="uploads", views=UPLOAD_VIEWS),
    Route("POST", UPLOAD + "/complete", complete_upload, "Finish an upload; 202 while it is not settled yet.",
          "creator", 200, (202, 400, 409, *OWN), tag="uploads", views=UPLOAD_VIEWS, wait=40),
    Route("DELETE", UPLOAD, abort_upload, "Give an unfinished upload up.",
          "creator", 200, (202, 409, *OWN), tag="uploads", views=UPLOAD_VIEWS, wait=40),
    Route("GET", "/v1/videos", list_videos, "An owner's videos, newest first.",
          None, 200, SEEN, tag="videos", views=LIBRARY_VIEWS),
    Route("GET", VIDEO, show_video, "A video: what it is, how far it is, where it plays.",
          None, 200, SEEN, tag="videos", views=(*VIDEO_VIEWS, *SCORE_VIEWS)),
    Route("PATCH", VIDEO, describe_video, "Change what is said about a video.",
          "creator", 202, (400, 409, 410, *OWN), tag="videos", views=VIDEO_VIEWS),
    Route("DELETE", VIDEO, delete_video, "Delete a video.",
          "creator", 202, OWN, tag="videos", views=VIDEO_VIEWS),
    Route("GET", VIDEO + "/analytics", show_analytics, "How often, how long and when a video was watched.",
          None, 200, (410, 429, *SEEN), tag="playback", views=ANALYTICS_VIEWS),
    Route("GET", VIDEO + "/timeline", show_timeline, "Everything that happened to a video, with causes.",
          None, 200, (410, *SEEN), tag="videos", views=TIMELINE_VIEWS),
    Route("GET", VIDEO + "/events", stream_events, "The video's events as they happen.",
          None, 200, (410, *SEEN), wait=None, produces=EVENTS, tag="videos", views=TIMELINE_VIEWS),
    Route("PUT", VIDEO + "/captions/{language}", put_captions, "Give a video captions in a language, SubRip or WebVTT.",
          "creator", 202, (400, 409, 410, 413, 415, *OWN), tag="videos", views=VIDEO_VIEWS, takes=str, consumes=TYPES,
          keyed=True),
    Route("DELETE", VIDEO + "/captions/{language}", remove_captions, "Take the captions in a language away.",
          "creator", 202, (410, *OWN), tag="videos", views=VIDEO_VIEWS),
    Route("PUT", VIDEO + "/rating", rate_video, "Rate a video, or change the rating.",
          "viewer", 202, (400, 410, 413, 415, *OWN), tag="ratings", views=VIDEO_VIEWS, keyed=True),
    Route("DELETE", VIDEO + "/rating", withdraw_rating, "Take a rating back.",
          "viewer", 202, (410, *OWN), tag="ratings", views=VIDEO_VIEWS),
    Route("DELETE", "/v1/account", forget_account, "Forget the caller's account, and delete its videos.",
          "viewer", 202, (401, 403, 422, 429, 503), tag="accounts", views=LIBRARY_VIEWS, wait=120, keyed=False),
    Route("POST", VIDEO + "/playback", begin_playback, "Begin to watch: a session, and the token of its beacons.",
          None, 201, (400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503), tag="playback"),
    Route("POST", "/v1/beacons", post_beacons, "What players report, in arrays; confirmed before it is answered.",
          None, 202, (400, 403, 410, 413, 415, 422, 429, 503), tag="playback", takes=list[Beacon], same_for_all=True),
    Route("POST", "/v1/events/{topic}", post_events, "Put events of the catalogue into their topic.",
          "operator", 202, (400, 401, 403, 404, 413, 415, 422, 429, 503), takes=list[dict[str, Any]]),
    Route("GET", "/v1/search", search_videos, "Find published videos by their words.",
          None, 200, (401, 422, 429, 503), tag="finding", views=SEARCH_VIEWS, same_for_all=True),
    Route("GET", "/v1/suggest", suggest_titles, "Complete the first letters of a title.",
          None, 200, (401, 422, 429, 503), tag="finding", views=SUGGEST_VIEWS, same_for_all=True),
    Route("GET", "/v1/trending", show_trending, "What is being watched now.",
          None, 200, (401, 422, 429, 503), tag="finding", views=SEARCH_VIEWS, same_for_all=True),
    Route("GET", VIDEO + "/next", list_next, "What to watch after a video, and why.",
          None, 200, (410, 429, *SEEN), tag="finding", views=RECOMMENDING_VIEWS),
    Route("GET", "/v1/recommendations", recommend_videos, "What a viewer may like, and why.",
          None, 200, (401, 422, 429, 503), tag="finding", views=RECOMMENDING_VIEWS),
    Route("GET", MEDIA, serve_media, "A manifest, segment or picture of a video, by a signed link.",
          None, 200, (206, 304, 403, 404, 410, 416, 503), wait=None, produces="application/octet-stream", tag="media",
          same_for_all=True),
    Route("OPTIONS", MEDIA, preflight, "May a page of another origin read media?",
          None, 204, produces="", tag="media", same_for_all=True),
    Route("GET", "/v1/config", config, "Limits, and whether this is for development.", same_for_all=True),
    Route("POST", "/v1/dev/token", give_token, "A development token.", None, 200, (400, 403, 413, 415, 422),
          same_for_all=True),
    Route("GET", "/healthz", healthz, "The gateway answers.", same_for_all=True),
    Route("GET", "/readyz", readyz, "Every server behind it answers.", None, 200, (503,), same_for_all=True),
    Route("GET", "/metrics", metrics, "Measures for Prometheus.", produces="text/plain", same_for_all=True),
    Route("GET", "/openapi.json", show_openapi, "This interface, as OpenAPI 3.1.", same_for_all=True),
)
