/** Beacons that an earlier page of this browser could not bring into the log. */

import { Post } from "./post.ts";
import { Queue, waitingViewings } from "./queue.ts";

/** Sends them now. Another tab may be sending the same: a repeat changes nothing, the log knows them by their numbers. */
export function sendLeft(): void {
  for (const viewing of waitingViewings()) {
    const queue = new Queue(viewing, "");
    if (queue.pass && queue.pass.expires_at > Date.now()) void new Post(queue).run();
    else abandon(queue);
  }
}

/** Leaves nothing of what waits. */
export function forgetLeft(): void {
  for (const viewing of waitingViewings()) new Queue(viewing, "").close();
}

function abandon(queue: Queue): void {
  console.warn(`playlog: ${queue.size} beacons dropped: their viewing is over for too long`);
  queue.close();
}
