import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";

import type { Beacon } from "../src/beacons/beacon.ts";
import { Post, stopAll } from "../src/beacons/post.ts";
import { Queue } from "../src/beacons/queue.ts";

const BEACON: Omit<Beacon, "sequence"> = {
  kind: "playing", at: 1, position_ms: 0, advanced_ms: 10, stalled_ms: 0, buffer_ms: null, rendition: null,
  throughput_kbps: null, dropped_frames: null, cmcd_session_id: "c", code: null,
};
const PASS = { session_id: "s", token: "t", expires_at: 9e15, every_ms: 10_000 };
const TAKEN = { accepted: 1, positions: [], refused: [] };

type Answer = [status: number, body: unknown, headers?: Record<string, string>];

/** Answers one after the other; returns what was asked. The clock stands still but for `pass`. */
function gateway(t: TestContext, ...answers: Answer[]) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked: { path: string; beacons: Beacon[] }[] = [];
  t.mock.method(globalThis, "fetch", async (path: string, init: RequestInit) => {
    const body: unknown = JSON.parse(String(init.body));
    asked.push({ path, beacons: Array.isArray(body) ? (body as Beacon[]) : [] });
    const [status, answer, headers = {}] = answers.shift() ?? [500, {}];
    if (status === 0) throw new TypeError("no line");
    return new Response(JSON.stringify(answer), { status, headers });
  });
  const pass = async (ms: number) => {
    t.mock.timers.tick(ms);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  };
  return { asked, pass };
}

function waiting(name: string, count: number): Queue {
  const queue = new Queue(name, "v/1");
  for (let made = 0; made < count; made += 1) queue.add(BEACON);
  return queue;
}

test("a pass is opened once, and beacons go out in arrays", async (t) => {
  const { asked, pass } = gateway(t, [201, PASS], [202, TAKEN], [202, TAKEN], [202, TAKEN]);
  const queue = waiting("arrays", 150);
  const post = new Post(queue);
  void post.run();
  void post.run();
  await pass(0);
  queue.add(BEACON);
  await post.run();
  assert.deepEqual(asked.map(({ path, beacons }) => [path, beacons.length]), [
    ["/v1/videos/v%2F1/playback", 0], ["/v1/beacons", 100], ["/v1/beacons", 50], ["/v1/beacons", 1],
  ]);
  assert.equal(queue.size, 0);
});

test("a busy gateway is left alone for as long as it asks", async (t) => {
  const { asked, pass } = gateway(t, [429, {}, { "Retry-After": "7" }], [202, TAKEN]);
  const queue = waiting("busy", 1);
  queue.pass = PASS;
  const run = new Post(queue).run();
  await pass(0);
  await pass(6_900);
  assert.equal(asked.length, 1);
  await pass(200);
  await run;
  assert.deepEqual(asked.map(({ beacons }) => beacons.map((beacon) => beacon.sequence)), [[0], [0]]);
});

test("without a line it tries again, later and later, with what has come since", async (t) => {
  const { asked, pass } = gateway(t, [0, {}], [0, {}], [503, {}], [202, TAKEN]);
  const queue = waiting("offline", 1);
  queue.pass = PASS;
  const run = new Post(queue).run();
  await pass(0);
  queue.add(BEACON);
  for (let second = 0; second < 10; second += 1) await pass(500);
  await run;
  assert.deepEqual(asked.map(({ beacons }) => beacons.length), [1, 2, 2, 2]);
  assert.equal(queue.size, 0);
});

test("what is refused is dropped and said, the others are not sent again", async (t) => {
  const said = t.mock.method(console, "warn", () => undefined);
  const refused = [{ index: 1, code: "beyond-the-end", detail: "…" }];
  const { asked, pass } = gateway(t, [202, { ...TAKEN, refused }], [422, { title: "Malformed" }]);
  const queue = waiting("refused", 3);
  queue.pass = PASS;
  const post = new Post(queue);
  await post.run();
  assert.deepEqual([queue.size, said.mock.callCount()], [0, 1]);
  queue.add(BEACON);
  await post.run();
  await pass(60_000);
  assert.deepEqual([queue.size, said.mock.callCount(), asked.length], [0, 2, 2]);
});

test("beacons that came too fast stay and are sent again", async (t) => {
  const refused = [{ index: 1, code: "too-many", detail: "…" }];
  const { asked, pass } = gateway(t, [202, { ...TAKEN, refused }], [202, TAKEN]);
  const queue = waiting("fast", 2);
  queue.pass = PASS;
  const run = new Post(queue).run();
  await pass(0);
  await pass(1_000);
  await run;
  assert.deepEqual(asked.map(({ beacons }) => beacons.map((beacon) => beacon.sequence)), [[0, 1], [1]]);
});

test("a viewing that gets no pass is given up", async (t) => {
  const said = t.mock.method(console, "warn", () => undefined);
  const { asked } = gateway(t, [404, { title: "Not found" }]);
  const queue = waiting("nopass", 2);
  const post = new Post(queue);
  await post.run();
  queue.add(BEACON);
  await post.run();
  assert.deepEqual([asked.length, queue.size, said.mock.callCount()], [1, 0, 1]);
});

test("when all is to be forgotten, what waits for its turn is too", async (t) => {
  const { asked, pass } = gateway(t, [0, {}]);
  const queue = waiting("forgotten", 2);
  queue.pass = PASS;
  void new Post(queue).run();
  await pass(0);
  stopAll();
  await pass(60_000);
  assert.deepEqual([asked.length, queue.size], [1, 0]);
});
