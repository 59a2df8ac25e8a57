import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, bytes, clock, moment, percent, remaining, since } from "../src/look/format.ts";

test("sizes have the unit that keeps them short", () => {
  assert.deepEqual([0, 999, 1_500, 73_400_320, 5.5e12].map(bytes), ["0 B", "999 B", "1.5 kB", "73 MB", "5.5 TB"]);
});

test("clocks show hours only where there are any, and survive what is no number", () => {
  assert.deepEqual([0, 7.9, 754, 3723, Number.NaN, -1].map(clock), ["0:00", "0:07", "12:34", "1:02:03", "0:00", "0:00"]);
});

test("what is not complete never reads 100 %", () => {
  assert.deepEqual([0.999, 1, 1.2, -1].map(percent), ["99 %", "100 %", "100 %", "0 %"]);
});

test("ages and times left are rounded as people would", () => {
  const now = Date.parse("2026-05-01T12:00:00Z");
  assert.equal(ago(now - 20_000, now), "just now");
  assert.equal(ago(now - 180_000, now), "3 minutes ago");
  assert.equal(remaining(7), "a few seconds left");
  assert.equal(remaining(200), "about 3 min left");
  assert.deepEqual([420, 12_340, 185_000].map(since), ["+0.42 s", "+12.3 s", "+3 min 05 s"]);
});

test("moments are read from ISO 8601 and from milliseconds", () => {
  assert.equal(moment("1970-01-01T00:00:01Z"), 1000);
  assert.equal(moment(5), 5);
  assert.deepEqual([moment(null), moment("soon")], [null, null]);
});
