"""Manifests rendered once for each state of a video, however many players ask for them."""

from __future__ import annotations

import gzip
import re
import time
from collections import OrderedDict
from dataclasses import dataclass

from gateway.media.caching import GAINING, GROWING, WHOLE
from gateway.media.listing import Listing
from processors.media import dash, hls

MOST_BYTES = 64 << 20
HLS, DASH = "application/vnd.apple.mpegurl", "application/dash+xml"
VERSIONED = re.compile(r"master(?:-[0-9a-f]{8})?")
I_FRAMES = ".iframes"


@dataclass(frozen=True)
class Manifest:
    """`caching`: for how long it may be kept, by how much more may come."""

    plain: bytes
    zipped: bytes
    content_type: str
    etag: str
    etag_zipped: str
    caching: str

    @property
    def bytes(self) -> int:
        return len(self.plain) + len(self.zipped)


class Manifests:
    """The most recently asked ones. An old state of a growing video is never asked again and falls out."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, str], Manifest] = OrderedDict()
        self._bytes = 0

    def rendered(self, video_id: str, path: str, listing: Listing) -> Manifest | None:
        """The manifest at `path` of a video; None where there is none, or not yet."""
        if not listing.playable:
            return None
        tag = listing.tag if listing.complete or path.endswith(".m3u8") else f"{listing.tag}-{int(time.time())}"
        key = (video_id, path, tag)
        if key not in self._kept:
            text = _text(path, listing)
            if text is None:
                return None
            self._keep(key, _manifest(path, text, tag, caching_of(listing)))
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: tuple[str, str, str], manifest: Manifest) -> None:
        self._kept[key] = manifest
        self._bytes += manifest.bytes
        while self._bytes > MOST_BYTES and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].bytes


def caching_of(listing: Listing) -> str:
    """How a manifest of this list may be cached."""
    return WHOLE if listing.settled else GAINING if listing.complete else GROWING


def _text(path: str, listing: Listing) -> str | None:
    presentation, name = listing.presentation, path.removesuffix(".m3u8")
    if path.endswith(".mpd"):
        return dash.manifest(presentation, time.time())
    if VERSIONED.fullmatch(name):
        return hls.master(presentation)
    if any(text.name == name for text in presentation.texts):
        return hls.text(presentation, name)
    rendition, keys_only = name.removesuffix(I_FRAMES), name.endswith(I_FRAMES)
    kinds = {track.name: track.kind for track in presentation.tracks if hls.carries(presentation, track)}
    if rendition not in kinds or (keys_only and kinds[rendition] != "video"):
        return None
    return hls.i_frames(presentation, rendition) if keys_only else hls.media(presentation, rendition)


def _manifest(path: str, text: str, tag: str, caching: str) -> Manifest:
    plain = text.encode()
    kind = DASH if path.endswith(".mpd") else HLS
    return Manifest(plain, gzip.compress(plain, 6, mtime=0), kind, f'"{tag}"', f'"{tag}-gzip"', caching)
