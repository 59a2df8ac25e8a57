/** A name for a visitor without an account: random, of this browser only, and the gateway logs a pseudonym of it. */

import { drop, keep, kept } from "../page/keep.ts";
import { randomName } from "../page/random.ts";

export function visitor(): string {
  const known = kept<string>("visitor");
  if (known) return known;
  const name = randomName();
  keep("visitor", name);
  return name;
}

/** The next visit is somebody else's. */
export function forgetVisitor(): void {
  drop("visitor");
}
