/** What this browser knows of a deleted account goes too. */

import { forgetAccount } from "../api/session.ts";
import { forgetVisitor } from "../api/visitor.ts";
import { forgetLeft } from "../beacons/left.ts";
import { stopAll } from "../beacons/post.ts";
import { shown } from "../library/live.ts";
import { forgetAll } from "../upload/queue.ts";

/** Nothing is told of this viewer from here on, or it would come behind the deletion. */
export function silence(): void {
  stopAll();
  forgetLeft();
}

export function forgetHere(): void {
  forgetAccount();
  forgetVisitor();
  forgetAll();
  shown.value = null;
}
