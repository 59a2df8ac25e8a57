/** How much is made of the files that are chosen next. The policies are the gateway's (`processors/media/policies.py`). */

import { signal } from "@preact/signals";

import type { Policy } from "../api/types.ts";

export const POLICIES: [policy: Policy, name: string, what: string][] = [
  ["fast", "Fast", "H.264, which every player knows. Complete soonest."],
  ["balanced", "Balanced", "VP9 as well, with fewer bits, and a small size for bad networks."],
  ["archive", "Archive", "Also H.265 and AV1, each at every size. Takes the longest."],
];

/** What was chosen on this visit; null leaves it to the installation. */
export const wanted = signal<Policy | null>(null);

export function nameOf(policy: Policy): string {
  return POLICIES.find(([known]) => known === policy)?.[1] ?? policy;
}
