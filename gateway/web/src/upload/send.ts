/** Sends the parts the store lacks, several at a time, each until it is there. */

import { Problem } from "../api/request.ts";
import { retrying, transient } from "../api/retry.ts";
import { report, type PartUrl, type StoredPart } from "../api/uploads.ts";
import { bytesOf, missing, spanOf, usable, type Layout } from "./parts.ts";
import { put } from "./put.ts";
import { lanes } from "./slots.ts";
import { PartUrls } from "./urls.ts";

/** About two minutes of a store that is down. */
const ATTEMPTS = 10;

export interface OpenUpload {
  video: string;
  layout: Layout;
  stored: StoredPart[];
  urls: PartUrl[];
}

export interface Listener {
  /** Bytes of the file that are in the store or on the way. */
  sent: (bytes: number) => void;
  /** An attempt has failed and the next one waits. */
  waiting: (failures: number) => void;
}

/** Returns every part with its tag, in order. The first part that can't be sent stops the others. */
export async function sendMissing(file: File, open: OpenUpload, told: Listener, signal: AbortSignal): Promise<StoredPart[]> {
  const failed = new AbortController();
  const sending = new Sending(file, open, told, AbortSignal.any([signal, failed.signal]));
  try {
    return await sending.all();
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

class Sending {
  readonly #file: File;
  readonly #open: OpenUpload;
  readonly #told: Listener;
  readonly #signal: AbortSignal;
  readonly #urls: PartUrls;
  readonly #done: StoredPart[];
  readonly #moving = new Map<number, number>();

  constructor(file: File, open: OpenUpload, told: Listener, signal: AbortSignal) {
    this.#file = file;
    this.#open = open;
    this.#told = told;
    this.#signal = signal;
    this.#urls = new PartUrls(open.video, open.layout.partCount, open.urls, signal);
    this.#done = usable(open.stored, open.layout);
  }

  async all(): Promise<StoredPart[]> {
    this.#tell();
    const numbers = missing(this.#open.stored, this.#open.layout);
    await Promise.all(numbers.map((number) => lanes.run(() => this.#one(number))));
    return this.#done.sort((a, b) => a.number - b.number);
  }

  async #one(number: number): Promise<void> {
    const part = await retrying(() => this.#attempt(number), {
      limit: ATTEMPTS, signal: this.#signal, worth: anotherUrlMayDo, waiting: this.#told.waiting,
    });
    this.#moving.delete(number);
    this.#done.push(part);
    this.#tell();
    // progress for others; the end is checked against the store, so a lost report costs nothing
    await retrying(() => report(this.#open.video, part, this.#signal), { limit: 3, signal: this.#signal })
      .catch(() => this.#signal.throwIfAborted());
  }

  async #attempt(number: number): Promise<StoredPart> {
    this.#signal.throwIfAborted();
    const [start, end] = spanOf(number, this.#open.layout);
    const sent = (bytes: number) => this.#tell(number, bytes);
    try {
      const etag = await put({
        url: await this.#urls.of(number), body: this.#file.slice(start, end), sent, signal: this.#signal,
      });
      return { number, etag, size: end - start };
    } catch (error) {
      sent(0);
      this.#urls.stale(number);
      throw error;
    }
  }

  #tell(number?: number, bytes = 0): void {
    if (number !== undefined) this.#moving.set(number, bytes);
    const onTheWay = [...this.#moving.values()].reduce((sum, value) => sum + value, 0);
    this.#told.sent(bytesOf(this.#done) + onTheWay);
  }
}

/** The store answers 403 to a URL that has expired. */
function anotherUrlMayDo(error: unknown): boolean {
  return transient(error) || (error instanceof Problem && error.status === 403);
}
