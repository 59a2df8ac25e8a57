/** The arithmetic of parts. Part numbers start at 1 (S3); sizes are bytes. */

import type { StoredPart } from "../api/uploads.ts";

export interface Layout {
  size: number;
  partSize: number;
  partCount: number;
}

/** A single PUT is one part as large as the file. */
export function layoutOf(size: number, partSize: number | null, partCount: number | null): Layout {
  return { size, partSize: partSize ?? size, partCount: partCount ?? 1 };
}

/** First byte and the byte after the last of one part. */
export function spanOf(number: number, layout: Layout): [start: number, end: number] {
  const start = (number - 1) * layout.partSize;
  return [start, Math.min(layout.size, start + layout.partSize)];
}

/** What the store already holds whole; a part of another size was cut off and is sent again. */
export function usable(stored: StoredPart[], layout: Layout): StoredPart[] {
  return stored.filter((part) => {
    const [start, end] = spanOf(part.number, layout);
    return part.number >= 1 && part.number <= layout.partCount && part.size === end - start;
  });
}

/** Numbers still to be sent. The file's ends first: with its index and its length there, it may play while the rest is sent. */
export function missing(stored: StoredPart[], layout: Layout): number[] {
  const held = new Set(usable(stored, layout).map((part) => part.number));
  const [first, ...rest] = Array.from({ length: layout.partCount }, (_, index) => index + 1);
  const endsFirst = first === undefined ? [] : [first, ...rest.slice(-2).reverse(), ...rest.slice(0, -2)];
  return endsFirst.filter((number) => !held.has(number));
}

export function bytesOf(parts: StoredPart[]): number {
  return parts.reduce((sum, part) => sum + part.size, 0);
}
