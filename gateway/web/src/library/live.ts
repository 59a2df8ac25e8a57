/** The library as it stands now: pages read so far, asked again while something in them still moves. */

import { signal } from "@preact/signals";

import { problemFrom, type Problem } from "../api/request.ts";
import type { VideoSummary } from "../api/types.ts";
import { library } from "../api/videos.ts";
import { settled } from "../upload/aftermath.ts";

const EVERY_MS = 2_000;
/** With nothing moving, for what other tabs and the command line upload. */
const IDLE_MS = 15_000;

export interface Library {
  videos: VideoSummary[];
  cursor: string | null;
}

/** Kept between visits to the page, so that coming back shows it at once. */
export const shown = signal<Library | null>(null);
export const problem = signal<Problem | null>(null);

/** Reads now and again until the returned function is called; a hidden page rests. */
export function keepFresh(): () => void {
  const off = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const round = async () => {
    if (!document.hidden) await refresh(off.signal);
    if (!off.signal.aborted) timer = setTimeout(round, moving() ? EVERY_MS : IDLE_MS);
  };
  document.addEventListener("visibilitychange", () => (clearTimeout(timer), void round()), { signal: off.signal });
  void round();
  return () => {
    off.abort();
    clearTimeout(timer);
  };
}

export async function refresh(signal?: AbortSignal): Promise<void> {
  try {
    const first = await library(null, signal);
    shown.value = shown.value ? merged(shown.value, first) : first;
    problem.value = null;
  } catch (error) {
    if (!signal?.aborted) problem.value = problemFrom(error);
  }
}

export async function more(): Promise<void> {
  const held = shown.value;
  if (!held?.cursor) return;
  try {
    const next = await library(held.cursor);
    shown.value = { videos: [...held.videos, ...next.videos], cursor: next.cursor };
  } catch (error) {
    problem.value = problemFrom(error);
  }
}

/** The first page anew before the further pages already shown. */
export function merged(held: Library, first: Library): Library {
  const last = first.videos.at(-1)?.video_id;
  const cut = held.videos.findIndex((video) => video.video_id === last);
  const beyond = first.cursor === null || cut < 0 ? [] : held.videos.slice(cut + 1);
  return { videos: [...first.videos, ...beyond], cursor: beyond.length > 0 ? held.cursor : first.cursor };
}

function moving(): boolean {
  return shown.value?.videos.some((video) => !settled(video.state)) ?? true;
}
