/** Opens a video with the engine the person chose; the browser's own HLS stands in where MSE is missing. */

import { signal } from "@preact/signals";

import { keep, kept } from "../page/keep.ts";
import { openDash } from "./dash.ts";
import type { Engine, EngineName, Opening, Playing, Source } from "./engine.ts";
import { openHls } from "./hls.ts";

/** The engine chosen for this browser, kept for the next visit. */
export const engineName = signal<EngineName>(kept<EngineName>("engine") === "dash" ? "dash" : "hls");

export function chooseEngine(name: EngineName): void {
  engineName.value = name;
  keep("engine", name);
}

export function nothingPlaying(): Playing {
  return { levels: signal([]), shown: signal(null), asked: signal(null), texts: signal([]), reading: signal(null), sounds: signal([]), hearing: signal(null), failed: signal(null) };
}

/** Starts loading at `from` seconds. Throws when this browser can play neither manifest. */
export async function openSource(name: EngineName, source: Source, how: Omit<Opening, "url" | "captions">): Promise<Engine> {
  const { captions } = source;
  if (name === "dash" && source.dash && "MediaSource" in globalThis) {
    return openDash({ ...how, captions, url: source.dash });
  }
  if (!source.hls) throw new Error("This video has no HLS playlist yet.");
  return (await openHls({ ...how, captions, url: source.hls })) ?? openNative(source.hls, how.video, how.from);
}

function openNative(url: string, video: HTMLVideoElement, from: number): Engine {
  if (video.canPlayType("application/vnd.apple.mpegurl") === "") throw new Error("This browser can play neither HLS nor DASH.");
  video.src = url;
  const start = () => void (video.currentTime = from);
  if (from > 0) video.addEventListener("loadedmetadata", start, { once: true });
  return {
    choose: () => undefined, // the browser picks the rendition, and has menus of its own
    read: () => undefined,
    hear: () => undefined,
    throughput: () => null,
    destroy: () => {
      video.removeEventListener("loadedmetadata", start);
      video.removeAttribute("src");
      video.load();
    },
  };
}
