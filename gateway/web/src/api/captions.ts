/** Commands about the captions of one's own video. */

import { command } from "./call.ts";
import { pathOf } from "./videos.ts";

/** SubRip or WebVTT, in place of what the video has in that language. Throws `Problem`, which names a line that is wrong. */
export function putCaptions(id: string, language: string, label: string, file: Blob): Promise<unknown> {
  const named = label ? `?label=${encodeURIComponent(label)}` : "";
  return command("PUT", placeOf(id, language) + named, { file });
}

export function removeCaptions(id: string, language: string): Promise<unknown> {
  return command("DELETE", placeOf(id, language));
}

function placeOf(id: string, language: string): string {
  return `${pathOf(id)}/captions/${encodeURIComponent(language)}`;
}
