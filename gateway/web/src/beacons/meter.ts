/** What was really played: media that passed under the play head at its own pace. Seeks, stalls and pauses are not play. */

/** Browsers tell where the play head is at least this often while it moves (HTML, 4.8.11.8). Milliseconds. */
const GRAIN_MS = 250;
/** A play head may run this much ahead of the clock between two looks, since both are read in steps. */
const SLACK_MS = 2 * GRAIN_MS;

export interface Measured {
  /** Media played, ms: two seconds at double speed are four. */
  advanced: number;
  /** Waited for media, ms. */
  stalled: number;
}

/** All times in milliseconds: `at` of a clock that only goes on, `position` from the video's start. */
export class Meter {
  private last = { at: 0, position: 0 };
  private running = false;
  private stalledSince: number | null = null;
  private rate = 1;
  private advanced = 0;
  private stalled = 0;
  /** Of the browser's account: how long it was when last seen, and by how much it has grown in all. */
  private accounted: number;
  private grown = 0;
  /** All that was ever advanced. */
  private measured = 0;

  /** `accounted`: what the browser's account holds of play before this. */
  constructor(accounted = 0) {
    this.accounted = accounted;
  }

  /** The browser keeps an account of which media it has played (HTML, 4.8.11.8, `played`), to this length in all.
   * It holds what is played twice only once, but misses nothing where looks come late: so it is the least there was. */
  account(length: number): void {
    this.grown += Math.max(0, length < this.accounted ? length : length - this.accounted); // shorter: begun anew
    this.accounted = length;
    if (this.grown > this.measured) this.advance(this.grown - this.measured);
  }

  /** The play head moves from here on. */
  play(at: number, position: number, rate: number): void {
    this.move(at, position);
    this.resume(at);
    this.rate = rate;
    this.running = true;
    this.last = { at, position };
  }

  /** The play head is here now. A way it can't have played is a jump, and not counted. */
  move(at: number, position: number): void {
    const way = position - this.last.position;
    const most = (at - this.last.at) * this.rate;
    if (this.running && way > 0 && way <= most * 1.1 + SLACK_MS) this.advance(way);
    this.last = { at, position };
  }

  /** It is taken elsewhere; where it was then nobody tells, so the clock says how far it came since the last look. */
  jump(at: number): void {
    if (this.running) this.advance(Math.min(at - this.last.at, GRAIN_MS) * this.rate);
    this.resume(at);
    this.running = false;
  }

  /** Nothing is there to play. */
  wait(at: number, position: number): void {
    this.halt(at, position);
    this.stalledSince = at;
  }

  /** Paused, ended or failed. */
  halt(at: number, position: number): void {
    this.move(at, position);
    this.resume(at);
    this.running = false;
  }

  get pending(): Measured {
    return { advanced: this.advanced, stalled: this.stalled };
  }

  get waiting(): boolean {
    return this.stalledSince !== null;
  }

  /** What is new, in whole milliseconds and at most `most` of each; fractions and the rest stay for the next time. */
  take(at: number, most: number): Measured {
    if (this.stalledSince !== null) {
      this.stalled += at - this.stalledSince;
      this.stalledSince = at;
    }
    const taken = { advanced: Math.min(most, Math.floor(this.advanced)), stalled: Math.min(most, Math.floor(this.stalled)) };
    this.advanced -= taken.advanced;
    this.stalled -= taken.stalled;
    return taken;
  }

  private advance(way: number): void {
    this.advanced += way;
    this.measured += way;
  }

  private resume(at: number): void {
    if (this.stalledSince !== null) this.stalled += at - this.stalledSince;
    this.stalledSince = null;
  }
}
