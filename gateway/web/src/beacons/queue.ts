/** Beacons of one viewing that the log has not confirmed yet. They outlive the page. */

import { drop, keep, kept, keptNames } from "../page/keep.ts";
import type { Beacon, Pass } from "./beacon.ts";

/** Two hours of being away at a beacon every ten seconds; beyond that the oldest go. */
const MOST = 720;
const PREFIX = "beacons.";

interface Stored {
  video: string;
  pass: Pass | null;
  next: number;
  waiting: Beacon[];
}

export class Queue {
  private readonly name: string;
  private held: Stored;
  private closed = false;

  /** `viewing` names the viewing, of a video, in this browser; one that is stored goes on where it was. */
  constructor(viewing: string, video: string) {
    this.name = PREFIX + viewing;
    this.held = kept<Stored>(this.name) ?? { video, pass: null, next: 0, waiting: [] };
  }

  get video(): string {
    return this.held.video;
  }

  get pass(): Pass | null {
    return this.held.pass;
  }

  set pass(pass: Pass | null) {
    this.held.pass = pass;
    this.store();
  }

  get size(): number {
    return this.held.waiting.length;
  }

  /** Gives the beacon its number and keeps it until it is settled. */
  add(beacon: Omit<Beacon, "sequence">): void {
    if (this.closed) return;
    this.held.waiting.push({ sequence: this.held.next, ...beacon });
    this.held.next += 1;
    if (this.size > MOST) {
      console.warn("playlog: too many beacons wait, the oldest is dropped");
      this.held.waiting.shift();
    }
    this.store();
  }

  /** The oldest that wait; they wait on until they are settled. */
  batch(most: number): Beacon[] {
    return this.held.waiting.slice(0, most);
  }

  /** These are in the log, or will never be. */
  settle(beacons: Beacon[]): void {
    const done = new Set(beacons.map((beacon) => beacon.sequence));
    this.held.waiting = this.held.waiting.filter((beacon) => !done.has(beacon.sequence));
    this.store();
  }

  /** Nobody wants what waits, nor what may come. */
  close(): void {
    this.closed = true;
    this.held.waiting = [];
    drop(this.name);
  }

  private store(): void {
    if (this.size > 0) keep(this.name, this.held);
    else drop(this.name);
  }
}

/** The viewings whose beacons wait in this browser. */
export function waitingViewings(): string[] {
  return keptNames(PREFIX).map((name) => name.slice(PREFIX.length));
}
