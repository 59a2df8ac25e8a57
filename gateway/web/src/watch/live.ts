/** One video as it stands now: read once, then again whenever its event stream says that something happened. */

import { signal } from "@preact/signals";

import { happened } from "../api/call.ts";
import { follow } from "../api/follow.ts";
import { pause, transient } from "../api/retry.ts";
import { problemFrom, type Problem } from "../api/request.ts";
import type { LogEvent, Video } from "../api/types.ts";
import { timeline, video as readVideo } from "../api/videos.ts";
import { settled } from "../upload/aftermath.ts";

/** Segments may be stored many times a second; the page shows them once a second. */
const LEAST_MS = 1_000;
/** Should a proxy hold the stream back, a question now and then keeps the page right. */
const ANYWAY_MS = 6_000;

export function liveVideo(id: string) {
  const video = signal<Video | null>(null);
  const problem = signal<Problem | null>(null);
  const events = signal<LogEvent[] | null>(null);

  const refresh = async (off?: AbortSignal): Promise<void> => {
    try {
      video.value = await readVideo(id, off);
      problem.value = null;
    } catch (error) {
      if (!off?.aborted) problem.value = problemFrom(error);
    }
  };
  const readEvents = async (off: AbortSignal): Promise<void> => {
    const found = await timeline(id, off).catch(() => []); // the panel is an extra: the page stands without it
    if (!off.aborted) events.value = joined(events.value ?? [], found);
  };
  const start = (): (() => void) => {
    const off = new AbortController();
    void run(off.signal);
    return () => off.abort();
  };

  async function firstRead(off: AbortSignal): Promise<void> {
    await refresh(off);
    while (!off.aborted && !video.value && transient(problem.value)) {
      await pause(ANYWAY_MS, off).catch(() => undefined);
      await refresh(off);
    }
  }

  async function run(off: AbortSignal): Promise<void> {
    await Promise.all([firstRead(off), readEvents(off)]);
    if (off.aborted || !video.value || settled(video.value.state)) return;
    const over = new AbortController();
    const until = AbortSignal.any([off, over.signal]);
    let news: (() => void) | null = null;
    void follow(id, (event) => {
      events.value = joined(events.value ?? [], [event]);
      happened(event.position);
      news?.();
    }, until);
    while (!until.aborted) {
      await Promise.race([pause(ANYWAY_MS, until).catch(() => undefined), new Promise<void>((resolve) => (news = resolve))]);
      await refresh(until);
      if (video.value && settled(video.value.state)) over.abort();
      else await pause(LEAST_MS, until).catch(() => undefined);
    }
    if (!off.aborted) await readEvents(off); // with their causes, which the stream leaves out
  }

  return { video, problem, events, refresh, start };
}

/** Both lists, each position once; a later copy that knows its cause replaces one that does not. */
export function joined(held: LogEvent[], found: LogEvent[]): LogEvent[] {
  const all = new Map(held.map((event) => [event.position, event]));
  for (const event of found) {
    const old = all.get(event.position);
    if (!old || (event.cause && !old.cause)) all.set(event.position, event);
  }
  return [...all.values()];
}
