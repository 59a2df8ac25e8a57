"""Read playlists as a player would: tags with attributes, and the segments they stand before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')


@dataclass
class Entry:
    """What a media playlist lists: an address, how long it lasts, which bytes (None: all), what to map before it."""

    name: str
    seconds: float
    bytes: slice | None
    mapped: str


@dataclass
class Playlist:
    """A playlist of either kind; `lines` are its tags."""

    lines: list[str]
    entries: list[Entry] = field(default_factory=list)

    def value(self, tag: str) -> str:
        """What follows a tag that is there once."""
        (found,) = [line.removeprefix(f"#{tag}:") for line in self.lines if line.startswith(f"#{tag}:")]
        return found

    def all_of(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each such tag."""
        told = [line.removeprefix(f"#{tag}:") for line in self.lines if line.startswith(f"#{tag}:")]
        return [{name: value.strip('"') for name, value in ATTRIBUTE.findall(line)} for line in told]


def read(text: str) -> Playlist:
    """Raises ValueError where an address has no duration."""
    playlist = Playlist([line for line in text.splitlines() if line.startswith("#")])
    lasts, part, mapped = "", None, ""
    for line in text.splitlines():
        if line.startswith("#EXT-X-MAP:"):
            mapped = _name(dict(ATTRIBUTE.findall(line))["URI"].strip('"'))
        elif line.startswith("#EXTINF:"):
            lasts = line.removeprefix("#EXTINF:").rstrip(",")
        elif line.startswith("#EXT-X-BYTERANGE:"):
            size, start = map(int, line.removeprefix("#EXT-X-BYTERANGE:").split("@"))
            part = slice(start, start + size)
        elif line and not line.startswith("#") and not line.endswith(".m3u8"):
            playlist.entries.append(Entry(_name(line), float(lasts), part, mapped))
            lasts, part = "", None
    return playlist


def _name(address: str) -> str:
    """An object's name without folders: it is the content's, so it is enough."""
    return PurePosixPath(address).name
