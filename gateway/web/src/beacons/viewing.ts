/** One viewing: from the first frame to the end, or until the pass runs out. Measures, and makes beacons of it. */

import { randomName } from "../page/random.ts";
import type { Beacon, Kind } from "./beacon.ts";
import { Meter } from "./meter.ts";
import { Post } from "./post.ts";
import { Queue } from "./queue.ts";

/** No beacon reports more than this, of play or of waiting; more is split. The gateway refuses what is above a minute. */
const MOST_MS = 50_000;
/** Without a pass yet, beacons are as far apart as the gateway usually asks. */
const EVERY_MS = 10_000;

/** What the player knows beside the `<video>` element. */
export interface Facts {
  /** Its length where it is known, ms. */
  duration: number | null;
  rendition: string | null;
  throughput: number | null;
  /** CMCD's `sid` (CTA-5004) of its media requests. */
  sid: string;
}

export class Viewing {
  readonly meter: Meter;
  readonly post: Post;
  started = false;
  private readonly queue: Queue;
  private readonly element: HTMLVideoElement;
  private readonly facts: () => Facts;
  private readonly droppedBefore: number;
  private told = 0;

  /** `played`: how much the element had played before. */
  constructor(video: string, element: HTMLVideoElement, facts: () => Facts, played: number) {
    this.element = element;
    this.facts = facts;
    this.meter = new Meter(played);
    this.queue = new Queue(randomName(), video);
    this.post = new Post(this.queue);
    this.droppedBefore = dropped(element);
  }

  get position(): number {
    return this.element.currentTime * 1000;
  }

  /** Adds a beacon with what is new since the one before, and sends it when there is a line. */
  tell(kind: Kind, code: string | null = null): void {
    const now = performance.now();
    for (let more = this.meter.pending.advanced; more > MOST_MS; more -= MOST_MS) this.add("playing", null, now);
    this.add(kind, code, now);
    this.told = now;
    void this.post.run();
  }

  /** The play head is here now. */
  look(): void {
    if (!this.meter.waiting) this.meter.move(performance.now(), this.position);
    this.meter.account(playedOf(this.element));
  }

  /** Whether it is time to say how far it is. */
  get due(): boolean {
    const { advanced } = this.meter.pending;
    return performance.now() - this.told >= (this.queue.pass?.every_ms ?? EVERY_MS) || advanced >= MOST_MS;
  }

  /** The page may go: all that is known goes out with it. */
  farewell(kind: Kind): void {
    const { advanced, stalled } = this.meter.pending;
    if (advanced >= 1 || stalled >= 1 || this.meter.waiting) this.add(kind, null, performance.now());
    this.post.farewell();
  }

  /** Whether the gateway would still take beacons of it for a while. */
  get lasts(): boolean {
    return (this.queue.pass?.expires_at ?? Infinity) > Date.now() + 60_000;
  }

  private add(kind: Kind, code: string | null, now: number): void {
    const { advanced, stalled } = this.meter.take(now, MOST_MS);
    const { duration, rendition, throughput, sid } = this.facts();
    const beacon: Omit<Beacon, "sequence"> = {
      kind, code, rendition, at: Date.now(), advanced_ms: advanced, stalled_ms: stalled,
      position_ms: Math.floor(Math.min(this.position, duration ?? Infinity)),
      buffer_ms: bufferOf(this.element), throughput_kbps: throughput,
      dropped_frames: Math.max(0, dropped(this.element) - this.droppedBefore), cmcd_session_id: sid,
    };
    this.queue.add(beacon);
  }
}

/** Milliseconds of media played, each once, since the element was last loaded. */
export function playedOf({ played }: HTMLVideoElement): number {
  let length = 0;
  for (let index = 0; index < played.length; index += 1) length += played.end(index) - played.start(index);
  return length * 1000;
}

function dropped(element: HTMLVideoElement): number {
  return element.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0;
}

function bufferOf(element: HTMLVideoElement): number {
  const { buffered, currentTime } = element;
  for (let index = 0; index < buffered.length; index += 1) {
    if (buffered.start(index) <= currentTime + 0.1 && currentTime <= buffered.end(index)) {
      return Math.floor((buffered.end(index) - currentTime) * 1000);
    }
  }
  return 0;
}
