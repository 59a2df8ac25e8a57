/** What becomes of an uploaded file: asked until it plays, or never will. */

import type { Signal } from "@preact/signals";

import { Problem } from "../api/request.ts";
import { pause } from "../api/retry.ts";
import type { Video, VideoState } from "../api/types.ts";
import { video } from "../api/videos.ts";

const EVERY_MS = 1_500;

const SETTLED: VideoState[] = ["published", "rejected", "failed", "unpublished", "deleted"];

export function settled(state: VideoState): boolean {
  return SETTLED.includes(state);
}

/** Keeps `shown` up to date until the video has settled. A page of many uploads asks; streams would use up its connections. */
export async function awaitPlayable(id: string, shown: Signal<Video | null>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(shown.value && settled(shown.value.state))) {
    try {
      shown.value = await video(id, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
    }
    await pause(EVERY_MS, signal).catch(() => undefined);
  }
}
