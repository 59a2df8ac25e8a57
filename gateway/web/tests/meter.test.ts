import assert from "node:assert/strict";
import { test } from "node:test";

import { Meter } from "../src/beacons/meter.ts";

const MOST = 60_000;

/** The play head runs from `position` for `ms` of the clock, looked at four times a second. */
function run(meter: Meter, at: number, position: number, ms: number, rate = 1): void {
  for (let gone = 0; gone <= ms; gone += 250) meter.move(at + gone, position + gone * rate);
}

test("what plays is counted, by the media's time and not the clock's", () => {
  const meter = new Meter();
  meter.play(0, 0, 1);
  run(meter, 0, 0, 10_000);
  assert.deepEqual(meter.take(10_000, MOST), { advanced: 10_000, stalled: 0 });
  meter.play(10_000, 10_000, 2);
  run(meter, 10_000, 10_000, 5_000, 2);
  assert.deepEqual(meter.take(15_000, MOST), { advanced: 10_000, stalled: 0 });
});

test("a seek is not play, what was played before it is", () => {
  const meter = new Meter();
  meter.play(0, 0, 1);
  run(meter, 0, 0, 2_000);
  meter.jump(2_100);
  meter.move(2_150, 600_000);
  meter.jump(2_200); // dragged on
  meter.play(2_400, 900_000, 1);
  run(meter, 2_400, 900_000, 1_000);
  assert.equal(meter.take(3_400, MOST).advanced, 2_000 + 100 + 1_000);
});

test("a jump that nobody announced is not counted, forward or back", () => {
  const meter = new Meter();
  meter.play(0, 5_000, 1);
  meter.move(250, 65_000);
  meter.move(500, 1_000);
  meter.move(750, 1_250);
  assert.equal(meter.take(750, MOST).advanced, 250);
});

test("time between looks may be long, as in a hidden tab", () => {
  const meter = new Meter();
  meter.play(0, 0, 1);
  meter.move(60_000, 59_700);
  assert.equal(meter.take(60_000, MOST).advanced, 59_700);
});

test("waiting is told apart from playing and from pausing", () => {
  const meter = new Meter();
  meter.play(0, 0, 1);
  meter.wait(1_000, 1_000);
  assert.equal(meter.waiting, true);
  assert.deepEqual(meter.take(1_400, MOST), { advanced: 1_000, stalled: 400 });
  meter.move(1_900, 1_000);
  meter.play(2_000, 1_000, 1);
  meter.move(2_500, 1_500);
  meter.halt(2_500, 1_500);
  meter.move(99_000, 1_500);
  assert.deepEqual(meter.take(99_000, MOST), { advanced: 500, stalled: 600 });
});

test("a seek ends a wait, and waiting for where it leads is no stall", () => {
  const meter = new Meter();
  meter.play(0, 0, 1);
  meter.wait(1_000, 1_000);
  meter.jump(1_300);
  meter.play(4_000, 60_000, 1);
  assert.deepEqual(meter.take(4_000, MOST), { advanced: 1_000, stalled: 300 });
});

test("where looks come late, the browser's own account tells what was played", () => {
  const meter = new Meter(7_000);
  meter.account(11_000); // four seconds before anybody heard that it plays
  meter.play(0, 4_000, 1);
  meter.move(250, 4_000); // a stale position
  meter.move(500, 8_000); // and a leap
  meter.account(15_000);
  assert.equal(meter.take(500, MOST).advanced, 8_000);
  meter.jump(500);
  meter.play(500, 0, 1);
  run(meter, 500, 0, 2_000);
  meter.account(15_000); // played a second time
  assert.equal(meter.take(2_500, MOST).advanced, 2_000);
  meter.account(500); // loaded anew
  meter.account(3_000);
  assert.equal(meter.take(2_500, MOST).advanced, 1_000);
});

test("nothing is lost between two takes: fractions and what is too much stay", () => {
  const meter = new Meter();
  meter.play(0, 0, 16);
  for (let step = 1; step <= 300; step += 1) meter.move(step * 33.4, step * 33.4 * 16);
  const takes = [1, 2, 3, 4].map(() => meter.take(10_020, MOST).advanced);
  assert.deepEqual(takes.slice(0, 2), [60_000, 60_000]);
  assert.ok(Math.abs(takes.reduce((sum, one) => sum + one) - 300 * 33.4 * 16) < 1);
  assert.equal(takes[3], 0);
});
