/** HLS through hls.js, loaded when first needed. */

import type { ErrorData, HlsConfig } from "hls.js";

import { kbps, ordered, type Engine, type Opening } from "./engine.ts";

/** Fatal errors mended in place before giving up. */
const MENDS = 4;

const CONFIG: Partial<HlsConfig> = {
  capLevelToPlayerSize: true,
  backBufferLength: 60,
  maxBufferLength: 30,
};

/** Null where the browser has no Media Source Extensions (older iPhones: it plays HLS itself there). */
export async function openHls({ video, url, from, playing, cmcd }: Opening): Promise<Engine | null> {
  const { default: Hls } = await import("hls.js");
  if (!Hls.isSupported()) return null;
  const hls = new Hls({ ...CONFIG, startPosition: from, cmcd: { sessionId: cmcd.sid, contentId: cmcd.cid } });
  // A growing video is no live show, which hls.js can't be told: a play head that waits at the end of what is encoded
  // would be thrown back to this position. Without one it stays where it is.
  Object.defineProperty(hls, "liveSyncPosition", { value: null });
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    playing.levels.value = ordered(hls.levels.map((level, index) => ({ id: String(index), height: level.height, bandwidth: level.bitrate })));
  });
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => void (playing.shown.value = String(level)));
  const mend = mender(hls, Hls.ErrorTypes.MEDIA_ERROR, (why) => void (playing.failed.value = why));
  hls.on(Hls.Events.ERROR, (_, data) => mend(data));
  hls.loadSource(url);
  hls.attachMedia(video);
  return {
    choose: (level) => void (hls.nextLevel = level === null ? -1 : Number(level)),
    throughput: () => kbps(hls.bandwidthEstimate / 1000),
    destroy: () => hls.destroy(),
  };
}

interface Mendable {
  recoverMediaError: () => void;
  startLoad: () => void;
}

/** Fatal network errors reload after a while, media errors rebuild the buffers; then it is reported. */
function mender(hls: Mendable, mediaError: string, report: (why: string) => void): (data: ErrorData) => void {
  let mended = 0;
  return (data) => {
    if (!data.fatal) return;
    mended += 1;
    if (mended > MENDS || lastingly(data)) report(data.details);
    else if (data.type === mediaError) hls.recoverMediaError();
    else setTimeout(() => hls.startLoad(), 1000 * mended);
  };
}

/** The address itself is refused (a signed URL has run out): loading it again is no use. */
function lastingly(data: ErrorData): boolean {
  return [401, 403, 404, 410].includes(data.response?.code ?? 0);
}
