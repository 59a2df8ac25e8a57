/** What the pointer is over on the seek bar: the picture there, and its time. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { clock } from "../look/format.ts";
import { readTiles, tileAt, type Tile } from "./storyboard.ts";

interface Props {
  seconds: number;
  encoded: boolean;
  /** Read when somebody points for the first time: most viewers never do. */
  storyboard: string | null;
}

export function Scrub({ seconds, encoded, storyboard }: Props) {
  const tiles = useSignal<Tile[]>([]);
  useEffect(() => {
    if (storyboard && tiles.value.length === 0) void readTiles(storyboard).then((read) => void (tiles.value = read));
  }, [storyboard]);
  const tile = tileAt(tiles.value, seconds);
  return (
    <span class="seek-time" aria-hidden="true">
      {tile && <TilePicture tile={tile} />}
      {clock(seconds)}{!encoded && <small>not encoded yet</small>}
    </span>
  );
}

function TilePicture({ tile }: { tile: Tile }) {
  const { sheet, x, y, width, height } = tile;
  return (
    <i
      class="seek-picture" data-testid="scrub-picture"
      style={{ width: `${width}px`, height: `${height}px`, background: `url("${sheet}") -${x}px -${y}px` }}
    />
  );
}
