/** Uploads this browser has begun and not finished, so that a reload or a crash can go on where they were. */

import type { Policy } from "../api/types.ts";
import { drop, keep, kept } from "../page/keep.ts";

export interface Remembered {
  fingerprint: string;
  /** `Idempotency-Key` of the announcement: kept before it is sent, so that its answer may get lost. */
  key: string;
  video_id: string | null;
  name: string;
  size: number;
  title: string;
  encoding: Policy | null;
}

const NAME = "uploads";

/** The same file, chosen again. Not its content: reading gigabytes first would cost more than it saves. */
export function fingerprintOf(file: { name: string; size: number; lastModified: number }): string {
  return [file.name, file.size, file.lastModified].join("/");
}

export function remembered(): Remembered[] {
  return kept<Remembered[]>(NAME) ?? [];
}

export function recall(fingerprint: string): Remembered | null {
  return remembered().find((one) => one.fingerprint === fingerprint) ?? null;
}

export function remember(upload: Remembered): void {
  keep(NAME, [...others(upload.fingerprint), upload]);
}

export function forget(fingerprint: string): void {
  const left = others(fingerprint);
  if (left.length > 0) keep(NAME, left);
  else drop(NAME);
}

function others(fingerprint: string): Remembered[] {
  return remembered().filter((one) => one.fingerprint !== fingerprint);
}
