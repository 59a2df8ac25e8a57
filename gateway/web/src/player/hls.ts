/** HLS through hls.js, loaded when first needed. */

import type { ErrorData, Events, HlsConfig, MediaPlaylist } from "hls.js";
import type Hls from "hls.js";

import { kbps, ordered, type Engine, type Opening, type Playing, type Spoken } from "./engine.ts";
import { spokenName } from "./spoken.ts";

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
    leaveStereo(hls);
    playing.levels.value = ordered(hls.levels.map((level, index) => ({ id: String(index), height: level.height, bandwidth: level.bitrate })));
  });
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => void (playing.shown.value = String(level)));
  follow(hls, Hls.Events, playing);
  const mend = mender(hls, Hls.ErrorTypes.MEDIA_ERROR, (why) => void (playing.failed.value = why));
  hls.on(Hls.Events.ERROR, (_, data) => mend(data));
  hls.loadSource(url);
  hls.attachMedia(video);
  return {
    choose: (level) => void (hls.nextLevel = level === null ? -1 : Number(level)),
    read: (text) => {
      hls.subtitleDisplay = text !== null;
      hls.subtitleTrack = text === null ? -1 : Number(text);
      playing.reading.value = text;
    },
    hear: (sound) => void (hls.audioTrack = Number(sound)),
    throughput: () => kbps(hls.bandwidthEstimate / 1000),
    destroy: () => hls.destroy(),
  };
}

/** Captions are the browser's own text tracks, which hls.js fills; none is shown unless somebody asks. */
function follow(hls: Hls, events: typeof Events, playing: Playing): void {
  hls.subtitleDisplay = false;
  hls.on(events.SUBTITLE_TRACKS_UPDATED, (_, { subtitleTracks }) => void (playing.texts.value = subtitleTracks.map(spoken)));
  hls.on(events.AUDIO_TRACKS_UPDATED, (_, { audioTracks }) => void (playing.sounds.value = audioTracks.map(spoken)));
  hls.on(events.AUDIO_TRACK_SWITCHED, (_, { id }) => void (playing.hearing.value = String(id)));
}

/** Pictures are listed with stereo and with 5.1, which would win by its rate; a page's listeners have stereo. */
function leaveStereo(hls: Hls): void {
  const wide = (index: number) => hls.levels[index]?.audioGroups?.includes("audio-surround");
  for (let index = hls.levels.length - 1; index >= 0; index -= 1) if (wide(index)) hls.removeLevel(index);
}

function spoken(track: MediaPlaylist): Spoken {
  return { id: String(track.id), name: spokenName(track.name, track.lang), language: track.lang ?? null };
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
