import assert from "node:assert/strict";
import { test } from "node:test";

import { bytesOf, layoutOf, missing, spanOf, usable } from "../src/upload/parts.ts";

const FILE = layoutOf(25, 10, 3);
const part = (number: number, size: number) => ({ number, size, etag: `e${number}` });

test("parts cover the file without gap or overlap, the last one shorter", () => {
  assert.deepEqual([1, 2, 3].map((number) => spanOf(number, FILE)), [[0, 10], [10, 20], [20, 25]]);
});

test("a single PUT is one part as large as the file", () => {
  assert.deepEqual(spanOf(1, layoutOf(7, null, null)), [0, 7]);
});

test("after a break only what the store lacks is sent", () => {
  assert.deepEqual(missing([part(1, 10), part(3, 5)], FILE), [2]);
  assert.deepEqual(missing([], FILE), [1, 3, 2]);
});

test("a part that was cut off, or is not of this layout, is sent again", () => {
  const stored = [part(1, 4), part(2, 10), part(9, 10)];
  assert.deepEqual(usable(stored, FILE), [part(2, 10)]);
  assert.deepEqual(missing(stored, FILE), [1, 3]);
  assert.equal(bytesOf(usable(stored, FILE)), 10);
});
