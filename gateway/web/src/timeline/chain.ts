/** A video's events as a causal chain a person can read: runs of one kind folded into one step. */

import type { LogEvent } from "../api/types.ts";

export interface Step {
  type: string;
  topic: string;
  /** Unix ms of the first and the last event of the step. */
  at: number;
  until: number;
  events: LogEvent[];
  /** Type of the event that caused the first; null for what a person did, or where the cause is another video's. */
  because: string | null;
}

/** Kinds that come in numbers and between others: all of one kind are one step, where its first stands. */
const FOLDED = new Set(["PartStored", "SegmentStored", "RenditionCompleted"]);

/** Steps in the order of their first event. Events are ordered by time, then by position; repeated ones count once. */
export function chainOf(events: LogEvent[]): Step[] {
  const known = new Map(events.map((event) => [event.position, event]));
  const steps: Step[] = [];
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

function inOrder(a: LogEvent, b: LogEvent): number {
  return a.at - b.at || a.position.localeCompare(b.position, "en", { numeric: true });
}
