/** How fast bytes move, over the last few seconds. */

const WINDOW_MS = 8_000;

export class Rate {
  readonly #samples: [at: number, bytes: number][] = [];

  /** Notes how many bytes are through at a time (ms). */
  note(at: number, bytes: number): void {
    this.#samples.push([at, bytes]);
    while (this.#samples.length > 2 && at - (this.#samples[0]?.[0] ?? at) > WINDOW_MS) this.#samples.shift();
  }

  /** Bytes a second; null until there is something to tell from. */
  get perSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last[0] - first[0] < 500) return null;
    return Math.max(0, ((last[1] - first[1]) * 1000) / (last[0] - first[0]));
  }

  /** Seconds for `left` more bytes; null while unknown. */
  secondsFor(left: number): number | null {
    const speed = this.perSecond;
    return speed ? left / speed : null;
  }
}
