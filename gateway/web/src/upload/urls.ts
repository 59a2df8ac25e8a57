/** Presigned part URLs, fetched in bunches ahead of need, and anew when one has expired. */

import { urlsOf, type PartUrl } from "../api/uploads.ts";

/** URLs asked for at once: they expire, so no more than a while's work. */
const BUNCH = 50;

export class PartUrls {
  readonly #known: Map<number, string>;
  readonly #video: string;
  readonly #signal: AbortSignal;
  readonly #count: number;
  #fetching: Promise<void> | null = null;

  constructor(video: string, count: number, first: PartUrl[], signal: AbortSignal) {
    this.#video = video;
    this.#count = count;
    this.#signal = signal;
    this.#known = new Map(first.map((part) => [part.number, part.url]));
  }

  async of(number: number): Promise<string> {
    while (!this.#known.has(number) && this.#fetching) await this.#fetching; // perhaps in the bunch that is on its way
    if (!this.#known.has(number)) await (this.#fetching = this.#fetch(number).finally(() => (this.#fetching = null)));
    const url = this.#known.get(number);
    if (url === undefined) throw new Error(`the gateway gave no URL for part ${number}`);
    return url;
  }

  /** Forgets a URL that the store refused. */
  stale(number: number): void {
    this.#known.delete(number);
  }

  async #fetch(from: number): Promise<void> {
    const last = Math.min(this.#count, from + BUNCH - 1);
    const numbers = Array.from({ length: last - from + 1 }, (_, index) => from + index);
    const wanted = numbers.filter((number) => !this.#known.has(number));
    for (const part of await urlsOf(this.#video, wanted, this.#signal)) this.#known.set(part.number, part.url);
  }
}
