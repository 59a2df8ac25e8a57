/** What a shelf holds: read when it is shown, and again when asked. */

import { signal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { problemFrom, type Problem } from "../api/request.ts";

export interface Reading<T> {
  /** Null until the first answer. */
  found: Signal<T[] | null>;
  problem: Signal<Problem | null>;
  again: () => void;
}

/** Reads anew when one of `about` changes; what was found stays until the new answer is there. */
export function useReading<T>(read: (signal: AbortSignal) => Promise<T[]>, about: readonly unknown[]): Reading<T> {
  const state = useMemo(() => ({ found: signal<T[] | null>(null), problem: signal<Problem | null>(null), round: signal(0) }), []);
  useEffect(() => {
    const off = new AbortController();
    read(off.signal).then(
      (videos) => {
        state.found.value = videos;
        state.problem.value = null;
      },
      (error: unknown) => {
        if (!off.signal.aborted) state.problem.value = problemFrom(error);
      },
    );
    return () => off.abort();
  }, [state.round.value, ...about]);
  return { found: state.found, problem: state.problem, again: () => void (state.round.value += 1) };
}
