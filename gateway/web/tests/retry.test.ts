import assert from "node:assert/strict";
import { test } from "node:test";

import { Problem } from "../src/api/request.ts";
import { backOff, pause, retrying, transient } from "../src/api/retry.ts";

const problem = (status: number) => new Problem(status, "t", "d", null, null);
const never = new AbortController().signal;

test("delays double up to a limit, and chance spreads them by half", () => {
  assert.deepEqual([0, 1, 2].map((failures) => backOff(failures, 1)), [500, 1000, 2000]);
  assert.equal(backOff(30, 1), 20_000);
  assert.equal(backOff(1, 0), 500);
});

test("only what may pass by itself is worth another attempt", () => {
  assert.deepEqual([0, 408, 429, 500, 503].map((status) => transient(problem(status))), [true, true, true, true, true]);
  assert.deepEqual([400, 401, 403, 404, 409, 422].map((status) => transient(problem(status))), [false, false, false, false, false, false]);
  assert.equal(transient(new TypeError("a bug")), false);
});

test("an attempt is repeated until it succeeds", async () => {
  const waits: number[] = [];
  const attempt = async (failures: number) => {
    if (failures < 2) throw problem(503);
    return "done";
  };
  assert.equal(await retrying(attempt, { limit: 5, signal: never, waiting: (failures) => waits.push(failures) }), "done");
  assert.deepEqual(waits, [1, 2]);
});

test("the last failure, and what is not worth repeating, is thrown", async () => {
  let attempts = 0;
  const refused = retrying(async () => { attempts += 1; throw problem(422); }, { limit: 5, signal: never });
  await assert.rejects(refused, { status: 422 });
  assert.equal(attempts, 1);
  await assert.rejects(retrying(async () => { throw problem(503); }, { limit: 2, signal: never }), { status: 503 });
});

test("an abort ends the waiting", async () => {
  const off = new AbortController();
  const waiting = pause(60_000, off.signal);
  off.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
});
