/** The storyboard: WebVTT whose cues name parts of sheets of small pictures (`#xywh=`, W3C Media Fragments). */

export interface Tile {
  /** Seconds. */
  from: number;
  sheet: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const CUE = /(?:(\d+):)?(\d{2}):(\d{2}\.\d{3}) --> .*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** The tiles of a storyboard that was read from `address`, by time. */
export function tilesOf(text: string, address: string): Tile[] {
  return [...text.matchAll(CUE)].map(([, hours, minutes, seconds, sheet, x, y, width, height]) => ({
    from: Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds),
    sheet: new URL(sheet as string, address).href,
    x: Number(x), y: Number(y), width: Number(width), height: Number(height),
  }));
}

/** The one that shows at a time; null where there is none. */
export function tileAt(tiles: Tile[], seconds: number): Tile | null {
  return tiles.findLast((tile) => tile.from <= seconds) ?? null;
}

/** Nothing, where it can't be had: the time alone does for a seek. */
export async function readTiles(address: string): Promise<Tile[]> {
  try {
    const answer = await fetch(address);
    return answer.ok ? tilesOf(await answer.text(), answer.url) : [];
  } catch {
    return [];
  }
}
