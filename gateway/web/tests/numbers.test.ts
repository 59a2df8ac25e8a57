import assert from "node:assert/strict";
import { test } from "node:test";

import { counted, spent } from "../src/look/format.ts";
import { filled, MINUTE, pathOf, topOf } from "../src/numbers/series.ts";

test("steps in which nothing happened are 0, up to the one that is now", () => {
  const given = [{ at: 8 * MINUTE, value: 3 }, { at: 2 * MINUTE, value: 9 }, { at: 10 * MINUTE, value: 1 }];
  const points = filled(given, MINUTE, 4, 10 * MINUTE + 30_000);
  assert.deepEqual(points.map(({ value }) => value), [0, 3, 0, 1]);
  assert.deepEqual(points.map(({ at }) => at / MINUTE), [7, 8, 9, 10]);
});

test("a scale ends at a tidy number that holds them all", () => {
  const tops = [0.4, 1, 1.2, 4.9, 5.1, 10, 11, 730].map((value) => topOf([{ at: 0, value }], 1));
  assert.deepEqual(tops, [1, 1, 2, 5, 10, 10, 20, 1000]);
});

test("the line goes from left to right, and higher is less (SVG)", () => {
  const points = [0, 1, 2].map((value) => ({ at: value, value }));
  assert.equal(pathOf(points, 2), "M0 1L0.5 0.5L1 0");
});

test("counts and times as people say them", () => {
  assert.deepEqual([0, 1, 1234, 12_345, 3_400_000].map((number) => counted(number, "view")),
    ["0 views", "1 view", "1,234 views", "12.3K views", "3.4M views"]);
  assert.deepEqual([40_000, 725_000, 12_000_000].map(spent), ["40 s", "12 min 05 s", "3 h 20 min"]);
});
