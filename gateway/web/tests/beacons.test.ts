import assert from "node:assert/strict";
import { test } from "node:test";

import { codeOf, type Beacon, type Pass } from "../src/beacons/beacon.ts";
import { Queue, waitingViewings } from "../src/beacons/queue.ts";

const PASS: Pass = { session_id: "s", token: "t", expires_at: 9e15, every_ms: 10_000 };
const BEACON: Omit<Beacon, "sequence"> = {
  kind: "playing", at: 1, position_ms: 0, advanced_ms: 10, stalled_ms: 0, buffer_ms: null, rendition: null,
  throughput_kbps: null, dropped_frames: null, cmcd_session_id: "c", code: null,
};

test("beacons are numbered from 0 and wait until they are settled", () => {
  const queue = new Queue("one", "v");
  for (let made = 0; made < 3; made += 1) queue.add(BEACON);
  assert.deepEqual(queue.batch(2).map((beacon) => beacon.sequence), [0, 1]);
  queue.settle(queue.batch(2));
  queue.add(BEACON);
  assert.deepEqual(queue.batch(9).map((beacon) => beacon.sequence), [2, 3]);
});

test("what waits outlives the page, with its pass and its numbers", () => {
  const before = new Queue("two", "v");
  before.pass = PASS;
  before.add(BEACON);
  before.settle(before.batch(1));
  before.add(BEACON);
  const after = new Queue("two", "");
  assert.equal(after.video, "v");
  assert.deepEqual(after.pass, PASS);
  after.add(BEACON);
  assert.deepEqual(after.batch(9).map((beacon) => beacon.sequence), [1, 2]);
});

test("a viewing is named as long as something of it waits", () => {
  const queue = new Queue("three", "v");
  queue.pass = PASS;
  assert.ok(!waitingViewings().includes("three"));
  queue.add(BEACON);
  assert.ok(waitingViewings().includes("three"));
  queue.settle(queue.batch(1));
  assert.ok(!waitingViewings().includes("three"));
});

test("a queue has an end: then the oldest go, and it is said", (t) => {
  const said = t.mock.method(console, "warn", () => undefined);
  const queue = new Queue("four", "v");
  for (let made = 0; made < 730; made += 1) queue.add(BEACON);
  assert.equal(queue.size, 720);
  assert.equal(queue.batch(1)[0]?.sequence, 10);
  assert.equal(said.mock.callCount(), 10);
  queue.close();
});

test("a closed queue takes nothing and keeps nothing", () => {
  const queue = new Queue("five", "v");
  queue.add(BEACON);
  queue.close();
  queue.add(BEACON);
  assert.equal(queue.size, 0);
  assert.ok(!waitingViewings().includes("five"));
});

test("what an engine calls a failure becomes a code of the log", () => {
  assert.deepEqual(
    ["manifestLoadError", "MEDIA_ERR_DECODE", "Failed to fetch /a/b.m4s: 404!", "…", "x".repeat(90)].map(codeOf),
    ["manifest_load_error", "media_err_decode", "failed_to_fetch_a_b_m4s_404", "unknown", "x".repeat(40)],
  );
});
