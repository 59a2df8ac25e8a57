/** The pseudonym under which the log knows the person: tokens carry the account, videos only the pseudonym. */

import { signal } from "@preact/signals";

import { session } from "./session.ts";
import { library } from "./videos.ts";

const known = signal<{ subject: string; owner: string } | null>(null);

/** Whether a video belongs to the person; false until that is known. */
export function mine(owner: string | null): boolean {
  return owner !== null && known.value?.subject === session.value?.subject && known.value?.owner === owner;
}

/** Learns the pseudonym from the person's own videos; without any, nothing can be theirs. */
export async function learnOwner(): Promise<void> {
  const subject = session.value?.subject;
  if (!subject || known.value?.subject === subject) return;
  const own = (await library(null)).videos[0];
  if (own?.owner) known.value = { subject, owner: own.owner };
}
