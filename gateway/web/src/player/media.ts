/** A `<video>` element's state as signals, so that controls redraw by themselves. */

import { signal } from "@preact/signals";

export type Media = ReturnType<typeof mediaOf>;

/** Signals that follow the element from `attach` to the function it returns. Times in seconds. */
export function mediaOf() {
  const state = {
    paused: signal(true), time: signal(0), duration: signal(0), buffered: signal(0), seekable: signal(0),
    waiting: signal(false), ended: signal(false), muted: signal(false), volume: signal(1), started: signal(false),
  };
  const read = (video: HTMLVideoElement): void => {
    state.paused.value = video.paused;
    state.time.value = video.currentTime;
    state.duration.value = Number.isFinite(video.duration) ? video.duration : 0;
    state.buffered.value = bufferedAt(video.buffered, video.currentTime);
    state.seekable.value = video.seekable.length > 0 ? video.seekable.end(video.seekable.length - 1) : 0;
    state.ended.value = video.ended;
    state.muted.value = video.muted || video.volume === 0;
    state.volume.value = video.volume;
  };
  return { ...state, attach: (video: HTMLVideoElement) => attach(video, () => read(video), state) };
}

const EVENTS = ["play", "pause", "timeupdate", "seeking", "seeked", "durationchange", "progress", "volumechange", "ended", "emptied", "loadedmetadata"];

interface Flags {
  waiting: { value: boolean };
  started: { value: boolean };
}

function attach(video: HTMLVideoElement, read: () => void, flags: Flags): () => void {
  const off = new AbortController();
  const on = (name: string, then: () => void) => video.addEventListener(name, then, { signal: off.signal });
  for (const name of EVENTS) on(name, read);
  on("waiting", () => void (flags.waiting.value = true));
  for (const name of ["playing", "canplay", "pause", "emptied"]) on(name, () => void (flags.waiting.value = false));
  on("playing", () => void (flags.started.value = true));
  read();
  return () => off.abort();
}

/** End of the buffered range the play head is in; the play head itself where there is none. */
export function bufferedAt(ranges: TimeRanges, time: number): number {
  for (let index = 0; index < ranges.length; index += 1) {
    if (ranges.start(index) <= time + 0.1 && time <= ranges.end(index)) return ranges.end(index);
  }
  return time;
}
