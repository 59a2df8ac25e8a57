/** A few lanes shared by all uploads: browsers open six connections to a store, and two are left for the rest. */

export class Slots {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(lanes: number) {
    this.#free = lanes;
  }

  /** Runs `work` when a lane is free, in the order of asking. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next) next(); // the lane is handed on, never counted free in between
      else this.#free += 1;
    }
  }
}

export const lanes = new Slots(4);
