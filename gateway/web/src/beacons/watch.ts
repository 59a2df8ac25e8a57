/** Watches a `<video>` element and tells its viewings: what the player does is what the log learns. */

import { effect, untracked } from "@preact/signals";

import type { Playing } from "../player/engine.ts";
import { codeOf, type Kind } from "./beacon.ts";
import { playedOf, Viewing, type Facts } from "./viewing.ts";

/** A seek bar that is dragged seeks dozens of times; one beacon tells where it ended. */
const SETTLED_MS = 500;
/** Nobody notices less; it is counted with the next beacon all the same. */
const NOTICED_MS = 250;
const LOOK_MS = 1_000;

/** Tells until the returned function is called. Whatever fails in here is this module's own: playback goes on. */
export function tellViewings(video: string, element: HTMLVideoElement, playing: Playing, facts: () => Facts): () => void {
  const off = new AbortController();
  let viewing: Viewing | null = null;
  let sought: ReturnType<typeof setTimeout> | undefined;
  let waited: ReturnType<typeof setTimeout> | undefined;
  let played = 0;
  let gone = false;

  const current = (): Viewing => (viewing ??= new Viewing(video, element, facts, played));
  const now = () => performance.now();
  const moving = () => !element.paused && !element.ended && !element.seeking;
  const tell = (kind: Kind, code?: string) => viewing?.started && viewing.tell(kind, code ?? null);
  const over = () => {
    clearTimeout(sought);
    clearTimeout(waited);
    played = playedOf(element);
    viewing = null;
  };

  const onPlaying = () => {
    if (element.seeking) return;
    if (viewing && !viewing.lasts) over();
    const one = current();
    one.meter.play(now(), one.position, element.playbackRate);
    one.look();
    if (one.started) return;
    one.started = true;
    one.tell("started");
  };
  const look = () => {
    if (!viewing?.started || element.seeking) return;
    viewing.look();
    if (moving() && viewing.due) viewing.tell(viewing.meter.waiting ? "stalled" : "playing");
    if (!viewing.lasts) renew();
  };
  const renew = () => {
    halt();
    over();
    if (moving()) onPlaying();
  };
  const halt = () => {
    viewing?.meter.halt(now(), viewing.position);
    viewing?.look();
  };
  const onSeeked = () => {
    if (!viewing?.started) return;
    if (moving() && element.readyState >= element.HAVE_FUTURE_DATA) onPlaying();
    clearTimeout(sought);
    sought = setTimeout(() => tell("seeked"), SETTLED_MS);
  };
  const onWaiting = () => {
    if (!viewing?.started || !moving() || viewing.meter.waiting) return;
    viewing.meter.wait(now(), viewing.position);
    clearTimeout(waited);
    waited = setTimeout(() => viewing?.meter.waiting && tell("stalled"), NOTICED_MS);
  };
  const onPause = () => {
    if (element.ended) return; // told as the end
    halt();
    tell("paused");
  };
  const onEnded = () => {
    halt();
    tell("ended");
    over(); // played again, it is another viewing
  };
  const onHidden = () => {
    if (!document.hidden || gone || !viewing?.started) return;
    look();
    viewing.farewell(moving() ? "playing" : "paused");
  };
  const onGone = () => {
    gone = true;
    if (!viewing?.started) return;
    look();
    viewing.farewell("paused");
  };

  const on = (name: string, then: () => void) => element.addEventListener(name, then, { signal: off.signal });
  on("playing", onPlaying);
  on("timeupdate", look);
  on("ratechange", () => viewing?.started && moving() && !viewing.meter.waiting && onPlaying());
  on("seeking", () => viewing?.meter.jump(now()));
  on("seeked", onSeeked);
  on("waiting", onWaiting);
  on("pause", onPause);
  on("ended", onEnded);
  addEventListener("pagehide", onGone, { signal: off.signal });
  addEventListener("pageshow", () => void (gone = false), { signal: off.signal }); // back from the browser's cache
  document.addEventListener("visibilitychange", onHidden, { signal: off.signal });
  const timer = setInterval(look, LOOK_MS);
  let shown: string | null = null;
  const noSwitches = effect(() => {
    const level = playing.shown.value;
    if (shown !== null && level !== null && level !== shown) untracked(() => tell("switched"));
    shown = level;
  });
  const noFailures = effect(() => {
    const why = playing.failed.value;
    if (why !== null) untracked(() => (halt(), current().tell("failed", codeOf(why))));
  });
  return () => {
    off.abort();
    clearInterval(timer);
    noSwitches();
    noFailures();
    halt();
    if (viewing?.started && !element.paused && !element.ended) viewing.tell("paused"); // the page shows something else now
    over();
  };
}
