/** Trying again: exponential back-off with jitter, never sooner than the server asks, at once when the line is back. */

import { Problem } from "./request.ts";

const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/** Milliseconds before attempt `failures + 2`; `chance` in 0…1 spreads clients by half the delay. */
export function backOff(failures: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  return full / 2 + (full / 2) * chance;
}

/** Whether another attempt can succeed: no connection, a busy or broken server. */
export function transient(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return error.status === 0 || error.status >= 500 || [408, 425, 429].includes(error.status);
}

export interface Attempts {
  limit: number;
  signal: AbortSignal;
  worth?: (error: unknown) => boolean;
  /** Told before each wait: how many attempts have failed. */
  waiting?: (failures: number) => void;
}

/** Runs `attempt` until it succeeds; rethrows what is not worth repeating, the last failure, or the abort. */
export async function retrying<T>(attempt: (failures: number) => Promise<T>, how: Attempts): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt(failures);
    } catch (error) {
      how.signal.throwIfAborted();
      if (failures + 1 >= how.limit || !(how.worth ?? transient)(error)) throw error;
      how.waiting?.(failures + 1);
      await pause(delayOf(error, failures), how.signal);
    }
  }
}

function delayOf(error: unknown, failures: number): number {
  const asked = error instanceof Problem && error.retryAfter !== null ? error.retryAfter * 1000 : 0;
  return Math.max(asked, backOff(failures, Math.random()));
}

/** Resolves after `ms`, or as soon as the browser is online again; rejects when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", onOnline);
      signal.removeEventListener("abort", onAbort);
      settle();
    };
    const onOnline = done(resolve);
    const onAbort = done(() => reject(signal.reason));
    const timer = setTimeout(done(resolve), ms);
    globalThis.addEventListener?.("online", onOnline);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
  });
}
