/** How an upload is going, in one line. */

import { bytes, percent, remaining } from "../look/format.ts";
import type { Phase } from "./queue.ts";
import type { Rate } from "./rate.ts";

export function lineOf(phase: Phase, sent: number, size: number, rate: Rate): string {
  const far = `${percent(size > 0 ? sent / size : 0)} · ${bytes(sent)} of ${bytes(size)}`;
  switch (phase) {
    case "lost": return `${sent > 0 ? `${far} stored. ` : ""}Choose the file again to go on.`;
    case "sending": return [far, ...speed(size - sent, rate)].join(" · ");
    case "waiting": return `${far} · connection lost, trying again`;
    case "finishing": return "Everything is sent, putting it together";
    case "stored": return "Uploaded";
    case "failed": return sent > 0 ? `Stopped at ${far}` : "Not uploaded";
  }
}

function speed(left: number, rate: Rate): string[] {
  const perSecond = rate.perSecond;
  const seconds = rate.secondsFor(left);
  if (perSecond === null || seconds === null || left <= 0) return [];
  return [`${bytes(perSecond)}/s`, remaining(seconds)];
}
