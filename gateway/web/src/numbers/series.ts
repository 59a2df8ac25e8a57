/** Numbers over time, as a chart shows them: every step there, those without anything at 0. Pure. */

export interface Point {
  /** Where the step begins, Unix ms. */
  at: number;
  value: number;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** The last `count` steps up to the one that `now` is in, oldest first. */
export function filled(given: Point[], step: number, count: number, now: number): Point[] {
  const known = new Map(given.map(({ at, value }) => [at, value]));
  const last = Math.floor(now / step) * step;
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * step).map((at) => ({ at, value: known.get(at) ?? 0 }));
}

const TIDY = [1, 2, 5];

/** The scale's end: the least 1, 2 or 5 × 10ⁿ that holds them all, and at least `least`. */
export function topOf(points: Point[], least: number): number {
  const most = Math.max(least, ...points.map(({ value }) => value));
  const power = 10 ** Math.floor(Math.log10(most));
  const tidy = TIDY.find((one) => one * power >= most) ?? 10;
  return tidy * power;
}

/** An SVG path of the points over a width and height of 1, with its right end at the last one. */
export function pathOf(points: Point[], top: number): string {
  const across = Math.max(1, points.length - 1);
  return points.map(({ value }, index) => `${index === 0 ? "M" : "L"}${round(index / across)} ${round(1 - value / top)}`).join("");
}

function round(number: number): string {
  return number.toFixed(4).replace(/\.?0+$/, "");
}
