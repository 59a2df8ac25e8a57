"""The addresses that manifests name, relative to their own. Pure."""

from __future__ import annotations

import re

HLS, DASH = "master.m3u8", "manifest.mpd"
POSTER, PLAYLIST = "poster.jpg", ".m3u8"
LINK = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)?")  # as `processors.media` writes them: nothing leads elsewhere
IN_TAG = re.compile(r'\bURI="([^"]*)"')
IN_MPD = re.compile(r'\b(?:media|sourceURL)="([^"]*)"')


def named(manifest: str) -> list[str]:
    """Playlists, initialisation and media segments that an HLS playlist or a DASH manifest names, each once, in order.

    Raises ValueError for a link that leads out of the video.
    """
    found = IN_MPD.findall(manifest) if manifest.lstrip().startswith("<") else _of_playlist(manifest)
    if foreign := [link for link in found if not LINK.fullmatch(link) or ".." in link]:
        raise ValueError(f"a manifest names {foreign[0]!r}, which is no address inside its video")
    return list(dict.fromkeys(found))


def whole(manifest: str) -> bool:
    """Whether it grows no more. A multivariant playlist does not say; its playlists do."""
    if manifest.lstrip().startswith("<"):
        return 'type="static"' in manifest
    return "#EXTINF" not in manifest or "#EXT-X-ENDLIST" in manifest


def _of_playlist(text: str) -> list[str]:
    """Lines that are no tags, and the URI attributes of those that are."""
    lines = (IN_TAG.findall(line) if line.startswith("#") else [line.strip()] for line in text.splitlines())
    return [link for found in lines for link in found if link]
