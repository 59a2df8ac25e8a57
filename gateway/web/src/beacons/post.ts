/** Brings a viewing's beacons into the log: in arrays, again and again until they are confirmed or refused. */

import { openPlayback, postBeacons } from "../api/playback.ts";
import { Problem } from "../api/request.ts";
import { backOff, pause, transient } from "../api/retry.ts";
import type { Beacon, Pass } from "./beacon.ts";
import type { Queue } from "./queue.ts";

/** What a browser lets go out behind a closed page is 64 KiB; so many beacons are well below it. */
const AT_ONCE = 100;
/** Refused for now: the session posts too fast. */
const LATER = "too-many";

/** All of this visit: a viewing is a small thing. */
const posts = new Set<Post>();

/** Nothing of what was watched so far is told any more. */
export function stopAll(): void {
  for (const post of posts) post.stop();
  posts.clear();
}

export class Post {
  private readonly queue: Queue;
  private readonly over = new AbortController();
  private going = false;

  constructor(queue: Queue) {
    this.queue = queue;
    posts.add(this);
  }

  /** Sends what waits, unless that is going on already. Never throws, never holds anybody up. */
  async run(): Promise<void> {
    if (this.going) return;
    this.going = true;
    for (let failures = 0; this.queue.size > 0 && !this.over.signal.aborted; ) {
      const failure = await this.send().then(() => null, (error: unknown) => error);
      if (failure === null) failures = 0;
      else await this.wait(failure, failures++);
    }
    this.going = false;
  }

  /** Hands what waits to the browser, which sends it even as the page goes. Unconfirmed, it stays in the queue. */
  farewell(): void {
    const { pass } = this.queue;
    if (!pass) return;
    for (let left = this.queue.batch(Infinity); left.length > 0; left = left.slice(AT_ONCE)) {
      navigator.sendBeacon("/v1/beacons", JSON.stringify(bodyOf(left.slice(0, AT_ONCE), pass)));
    }
  }

  /** Sends no more, and forgets what waits. */
  stop(): void {
    this.over.abort();
    this.queue.close();
  }

  private async send(): Promise<void> {
    const pass = await this.pass();
    const batch = this.queue.batch(AT_ONCE);
    try {
      const { refused } = await postBeacons(bodyOf(batch, pass));
      const later = new Set(refused.filter(({ code }) => code === LATER).map(({ index }) => index));
      this.queue.settle(batch.filter((_, index) => !later.has(index)));
      for (const { index, code, detail } of refused) if (code !== LATER) dropped(batch[index]?.kind, code, detail);
      if (later.size > 0) throw new Problem(429, "Too fast", `${later.size} beacons have to wait.`, null, 1);
    } catch (error) {
      if (transient(error) || !(error instanceof Problem)) throw error;
      dropped(`all ${batch.length}`, error.title, error.message);
      this.queue.settle(batch);
    }
  }

  private async pass(): Promise<Pass> {
    if (this.queue.pass) return this.queue.pass;
    return (this.queue.pass = await openPlayback(this.queue.video));
  }

  private async wait(failure: unknown, failures: number): Promise<void> {
    if (!transient(failure)) {
      dropped("all", "no-pass", failure instanceof Error ? failure.message : String(failure));
      return this.stop();
    }
    const asked = failure instanceof Problem ? (failure.retryAfter ?? 0) * 1000 : 0;
    await pause(Math.max(asked, backOff(failures, Math.random())), this.over.signal).catch(() => undefined);
  }
}

/** `sent_at` lets the gateway see by how much this browser's clock is off. */
function bodyOf(beacons: Beacon[], pass: Pass): object[] {
  const sent_at = Date.now();
  return beacons.map((beacon) => ({ token: pass.token, sent_at, ...beacon }));
}

function dropped(what: string | undefined, code: string, detail: string): void {
  console.warn(`playlog: beacon dropped (${what ?? "?"}): ${code}: ${detail}`);
}
