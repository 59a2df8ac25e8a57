/** Asks for suggestions once a person pauses; only the answer to the last question counts. */

import type { Title } from "../api/finding.ts";

/** Shorter than the time between two keys of slow typing would be a request a key. */
const PAUSE_MS = 120;

type Read = (text: string, signal: AbortSignal) => Promise<Title[]>;

export class Suggester {
  private readonly read: Read;
  private readonly heard: (text: string, titles: Title[]) => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private off = new AbortController();

  constructor(read: Read, heard: (text: string, titles: Title[]) => void) {
    this.read = read;
    this.heard = heard;
  }

  /** Whatever was asked before is dropped, answered or not. */
  ask(text: string): void {
    this.stop();
    if (text.trim() !== "") this.timer = setTimeout(() => void this.now(text, this.off.signal), PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.off.abort();
    this.off = new AbortController();
  }

  private async now(text: string, signal: AbortSignal): Promise<void> {
    const titles = await this.read(text, signal).catch(() => null); // suggestions are an extra: Enter searches all the same
    if (titles && !signal.aborted) this.heard(text, titles);
  }
}
