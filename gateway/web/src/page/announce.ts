/** What a screen reader is told as it happens (an ARIA live region shows it). */

import { signal } from "@preact/signals";

export const announcement = signal("");

export function say(text: string): void {
  announcement.value = text;
}
