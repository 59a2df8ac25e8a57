/** A video's numbers as they stand now: asked for again and again, but only while somebody looks at them. */

import { signal } from "@preact/signals";

import { analytics } from "../api/analytics.ts";
import { Problem, problemFrom } from "../api/request.ts";
import { backOff } from "../api/retry.ts";
import type { Analytics } from "../api/types.ts";

/** A beacon shows within a second of its being counted. */
const EVERY_MS = 600;
const HOURS = 24;

export type LiveNumbers = ReturnType<typeof liveNumbers>;

export function liveNumbers(video: string) {
  const numbers = signal<Analytics | null>(null);
  const problem = signal<Problem | null>(null);
  /** Whether something that shows them is on the screen. */
  const seen = signal(false);

  const read = async (off: AbortSignal): Promise<boolean> => {
    try {
      numbers.value = await analytics(video, HOURS, off);
      problem.value = null;
      return true;
    } catch (error) {
      if (!off.aborted) problem.value = problemFrom(error);
      return false;
    }
  };

  /** Reads once, then for as long as it is looked at, until the returned function is called. */
  const start = (): (() => void) => {
    const off = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    const round = async () => {
      const looked = seen.peek() && !document.hidden;
      if (looked || numbers.peek() === null) failures = (await read(off.signal)) ? 0 : failures + 1;
      const asked = (problem.peek()?.retryAfter ?? 0) * 1000;
      if (!off.signal.aborted) timer = setTimeout(round, failures > 0 ? Math.max(asked, backOff(failures, Math.random())) : EVERY_MS);
    };
    void round();
    return () => {
      off.abort();
      clearTimeout(timer);
    };
  };
  return { numbers, problem, seen, start };
}
