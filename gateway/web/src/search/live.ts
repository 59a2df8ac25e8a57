/** What was found for one question, page by page. */

import { signal } from "@preact/signals";

import { search } from "../api/finding.ts";
import { problemFrom, type Problem } from "../api/request.ts";
import type { Found } from "../api/types.ts";
import { queryOf, type Question } from "./question.ts";

export function resultsOf(question: Question) {
  const found = signal<Found | null>(null);
  const problem = signal<Problem | null>(null);
  const busy = signal(false);

  /** The next page; the first one at the beginning, and after a failure the one that failed. */
  const more = async (off?: AbortSignal): Promise<void> => {
    if (busy.peek()) return;
    busy.value = true;
    try {
      const held = found.peek();
      const page = await search(queryOf(question), held?.cursor ?? null, off);
      found.value = { ...page, videos: [...(held?.videos ?? []), ...page.videos] };
      problem.value = null;
    } catch (error) {
      if (!off?.aborted) problem.value = problemFrom(error);
    }
    busy.value = false;
  };
  return { found, problem, busy, more };
}
