/** A video's events as a causal chain a person can read: runs of one kind folded into one step. */

import type { LogEvent } from "../api/types.ts";

export interface Step {
  type: string;
  topic: string;
  /** Unix ms of the first and the last event of the step. */
  at: number;
  until: number;
  events: LogEvent[];
  /** Type of the event that caused the first; null for what a client did, and for causes outside the timeline. */
  because: string | null;
}

/** Kinds that come in numbers and between others: all of one kind are one step, where its first stands. */
const FOLDED = new Set(["PartStored", "SegmentStored", "RenditionCompleted"]);

/** Steps in the order of their first event. Events are ordered by time, causes before effects; repeated ones count once. */
export function chainOf(events: LogEvent[]): Step[] {
  const known = new Map(events.map((event) => [event.position, event]));
  const steps: Step[] = [];
  const depths = new Map([...known.values()].map((event) => [event, depthOf(event, known)]));
  const inOrder = (a: LogEvent, b: LogEvent) => a.at - b.at || (depths.get(a) ?? 0) - (depths.get(b) ?? 0) || byPosition(a, b);
  for (const event of [...known.values()].sort(inOrder)) {
    const open = FOLDED.has(event.type) ? steps.find((step) => step.type === event.type) : steps.at(-1);
    if (open && open.type === event.type && open.topic === event.topic) {
      open.events.push(event);
      open.until = event.at;
    } else steps.push(stepOf(event, known));
  }
  return steps;
}

function stepOf(event: LogEvent, known: Map<string, LogEvent>): Step {
  const because = event.cause ? (known.get(event.cause)?.type ?? null) : null;
  return { type: event.type, topic: event.topic, at: event.at, until: event.at, events: [event], because };
}

/** How many causes stand behind an event, as far as they are known. */
function depthOf(event: LogEvent, known: Map<string, LogEvent>): number {
  let depth = 0;
  for (let at = event; at.cause && depth < known.size; depth += 1) {
    const cause = known.get(at.cause);
    if (!cause) return depth + 1;
    at = cause;
  }
  return depth;
}

function byPosition(a: LogEvent, b: LogEvent): number {
  return a.position.localeCompare(b.position, "en", { numeric: true });
}
