/** DASH through dash.js, loaded when first needed. */

import type { MediaInfo, MediaPlayerClass, Representation } from "dashjs";

import { captionsOf } from "./captions.ts";
import { kbps, ordered, type Engine, type Opening, type Spoken } from "./engine.ts";
import { spokenName } from "./spoken.ts";

export async function openDash({ video, url, captions, from, playing, cmcd }: Opening): Promise<Engine> {
  const dashjs = await import("dashjs");
  const player = dashjs.MediaPlayer().create();
  player.updateSettings({
    debug: { logLevel: 1 },
    streaming: {
      liveCatchup: { enabled: false }, // a growing video is not a live show: never speed up to its edge
      abr: { limitBitrateByPortal: true },
      text: { defaultEnabled: false },
      cmcd: { enabled: true, sid: cmcd.sid, cid: cmcd.cid },
    },
  });
  const { events } = dashjs.MediaPlayer;
  player.on(events.STREAM_INITIALIZED, () => {
    playing.levels.value = ordered(representations(player).map(levelOf));
    playing.sounds.value = player.getTracksFor("audio").map(spoken);
    playing.hearing.value = idOf(player.getCurrentTrackFor("audio"));
  });
  player.on(events.QUALITY_CHANGE_RENDERED, (change) => {
    if (change.mediaType === "video") playing.shown.value = change.newRepresentation.id;
  });
  player.on(events.ERROR, ({ error }) => void (playing.failed.value = typeof error === "string" ? error : error.message));
  const own = captionsOf(video, captions, playing);
  // without a start time dash.js goes to the live edge
  player.initialize(video, url, false, from);
  return {
    choose: (level) => {
      player.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: level === null } } } });
      if (level !== null) player.setRepresentationForTypeById("video", level);
    },
    read: own.read,
    hear: (sound) => {
      const track = player.getTracksFor("audio").find((one) => idOf(one) === sound);
      if (track) player.setCurrentTrack(track);
      playing.hearing.value = sound;
    },
    throughput: () => kbps(player.getAverageThroughput("video")),
    destroy: () => {
      own.destroy();
      player.destroy();
    },
  };
}

function idOf(track: MediaInfo | null): string | null {
  return track?.index === undefined || track.index === null ? null : String(track.index);
}

function spoken(track: MediaInfo): Spoken {
  const language = track.lang ?? null, form = track.codec?.includes("opus") ? " (Opus)" : "";
  const title = track.labels?.[0]?.text;
  return { id: idOf(track) ?? "", name: spokenName(title, language ?? undefined) + form, language };
}

function representations(player: MediaPlayerClass): Representation[] {
  return player.getRepresentationsByType("video");
}

function levelOf(representation: Representation) {
  return { id: representation.id, height: representation.height, bandwidth: representation.bandwidth };
}
