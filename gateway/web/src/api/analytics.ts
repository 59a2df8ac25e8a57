/** A video's numbers. */

import { query } from "./call.ts";
import type { Analytics } from "./types.ts";
import { pathOf } from "./videos.ts";

/** Throws `Problem`. */
export function analytics(video: string, hours: number, signal: AbortSignal): Promise<Analytics> {
  return query<Analytics>(`${pathOf(video)}/analytics?hours=${hours}`, signal);
}
