/** Captions as the browser's own, where the player's can't be relied on: dash.js 5.2 loses a file whose load meets a seek. */

import type { Caption } from "../api/types.ts";
import type { Engine, Playing } from "./engine.ts";
import { spokenName } from "./spoken.ts";

/** None is loaded before somebody reads it. */
export function captionsOf(video: HTMLVideoElement, captions: Caption[], playing: Playing): Pick<Engine, "read" | "destroy"> {
  const elements = captions.map(({ address, language }) => {
    const element = document.createElement("track");
    Object.assign(element, { kind: "subtitles", src: address, srclang: language });
    video.append(element);
    return element;
  });
  playing.texts.value = captions.map(({ label, language }, place) => ({ id: String(place), name: spokenName(label, language), language }));
  return {
    read: (text) => {
      for (const [place, { track }] of elements.entries()) track.mode = String(place) === text ? "showing" : "disabled";
      playing.reading.value = text;
    },
    destroy: () => {
      for (const element of elements) element.remove();
    },
  };
}
