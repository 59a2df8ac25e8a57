/** DASH through dash.js, loaded when first needed. */

import type { MediaPlayerClass, Representation } from "dashjs";

import { kbps, ordered, type Engine, type Opening } from "./engine.ts";

export async function openDash({ video, url, from, playing, cmcd }: Opening): Promise<Engine> {
  const dashjs = await import("dashjs");
  const player = dashjs.MediaPlayer().create();
  player.updateSettings({
    debug: { logLevel: 1 },
    streaming: {
      liveCatchup: { enabled: false }, // a growing video is not a live show: never speed up to its edge
      abr: { limitBitrateByPortal: true },
      cmcd: { enabled: true, sid: cmcd.sid, cid: cmcd.cid },
    },
  });
  const { events } = dashjs.MediaPlayer;
  player.on(events.STREAM_INITIALIZED, () => void (playing.levels.value = ordered(representations(player).map(levelOf))));
  player.on(events.QUALITY_CHANGE_RENDERED, (change) => {
    if (change.mediaType === "video") playing.shown.value = change.newRepresentation.id;
  });
  player.on(events.ERROR, ({ error }) => void (playing.failed.value = typeof error === "string" ? error : error.message));
  // without a start time dash.js goes to the live edge
  player.initialize(video, url, false, from);
  return {
    choose: (level) => {
      player.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: level === null } } } });
      if (level !== null) player.setRepresentationForTypeById("video", level);
    },
    throughput: () => kbps(player.getAverageThroughput("video")),
    destroy: () => player.destroy(),
  };
}

function representations(player: MediaPlayerClass): Representation[] {
  return player.getRepresentationsByType("video");
}

function levelOf(representation: Representation) {
  return { id: representation.id, height: representation.height, bandwidth: representation.bandwidth };
}
