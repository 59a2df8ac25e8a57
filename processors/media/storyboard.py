"""The storyboard: small pictures of the whole video on a few sheets, and WebVTT that says which shows when.

Players read it to show where a drag on the seek bar would lead. The form is the one that Video.js, JW Player, Plyr and
others take: cues whose text is a sheet's address with a media fragment, `#xywh=` (W3C Media Fragments 1.0, 4.2.2).
"""

from __future__ import annotations

from typing import NamedTuple

from av.video.frame import VideoFrame

from processors.media.jpeg import PIXELS, jpeg

LEAST_STEP_MS = 5_000
MOST_TILES = 100
LONGEST_SIDE = 160
COLUMNS, ROWS = 5, 5
TILES = COLUMNS * ROWS  # a sheet
QUANTIZER = 7  # coarser than a poster: a tile is looked at for a moment
BLACK = (0, 128, 128)


class Tile(NamedTuple):
    """A small picture, shown from `at_ms` on."""

    at_ms: int
    picture: VideoFrame


def tile_times(duration_ms: int) -> list[int]:
    """When each tile begins: every five seconds, further apart in a video that a hundred of them would not cover."""
    step = max(LEAST_STEP_MS, -(-duration_ms // MOST_TILES))
    return list(range(0, max(1, duration_ms), step))


def sheet(tiles: list[Tile]) -> bytes:
    """Up to COLUMNS x ROWS tiles of one size as a JPEG, row by row from the top left."""
    whole = VideoFrame(*sheet_size(tiles), PIXELS)
    for number, blank in enumerate(BLACK):
        plane = whole.planes[number]
        data = bytearray([blank]) * plane.buffer_size
        for place, tile in enumerate(tiles):
            _paste(data, plane.line_size, tile.picture, number, *divmod(place, COLUMNS))
        plane.update(bytes(data))
    return jpeg(whole, QUANTIZER)


def sheet_size(tiles: list[Tile]) -> tuple[int, int]:
    """Width and height of the sheet that holds these."""
    picture, rows = tiles[0].picture, -(-len(tiles) // COLUMNS)
    return picture.width * min(COLUMNS, len(tiles)), picture.height * rows


def _paste(sheet: bytearray, line: int, picture: VideoFrame, number: int, row: int, column: int) -> None:
    plane = picture.planes[number]
    data = bytes(plane)
    for y in range(plane.height):
        start = (row * plane.height + y) * line + column * plane.width
        sheet[start : start + plane.width] = data[y * plane.line_size :][: plane.width]


def vtt(tiles: list[Tile], sheets: list[str], duration_ms: int) -> str:
    """Which tile is shown when; `sheets` are the sheets' addresses, as seen from the file's own."""
    ends = [*(tile.at_ms for tile in tiles[1:]), max(duration_ms, tiles[-1].at_ms + 1)]
    width, height = tiles[0].picture.width, tiles[0].picture.height
    cues = ["WEBVTT"]
    for number, (tile, end) in enumerate(zip(tiles, ends, strict=True)):
        row, column = divmod(number % TILES, COLUMNS)
        place = f"{column * width},{row * height},{width},{height}"
        cues.append(f"{_clock(tile.at_ms)} --> {_clock(end)}\n{sheets[number // TILES]}#xywh={place}")
    return "\n\n".join(cues) + "\n"


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
