import assert from "node:assert/strict";
import { test } from "node:test";

import { admit, contentTypeOf, titleOf } from "../src/upload/kinds.ts";
import { Rate } from "../src/upload/rate.ts";
import { fingerprintOf, forget, recall, remember, remembered } from "../src/upload/remembered.ts";

const LIMITS = { max_bytes: 1000, put_max_bytes: 100, content_types: ["video/*", "application/mxf"] };

test("containers that browsers do not name are known by their extension", () => {
  assert.equal(contentTypeOf({ name: "a.b.MKV", type: "" }), "video/x-matroska");
  assert.equal(contentTypeOf({ name: "a", type: "" }), "application/octet-stream");
});

test("a title is the file's name without its extension", () => {
  assert.deepEqual(["harbour_at_dawn.mp4", "v1.2 final.mov", ".mp4"].map(titleOf), ["harbour at dawn", "v1.2 final", ".mp4"]);
});

test("what the gateway would refuse is refused before a byte is sent, with a way out", () => {
  admit({ name: "a.mxf", type: "", size: 10 }, LIMITS);
  admit({ name: "a.mp4", type: "video/mp4", size: 1000 }, LIMITS);
  for (const file of [{ name: "a.txt", type: "text/plain", size: 10 }, { name: "a.mp4", type: "", size: 0 }, { name: "a.mp4", type: "", size: 1001 }]) {
    assert.throws(() => admit(file, LIMITS), (problem: { mend: string | null }) => problem.mend !== null, file.name);
  }
});

test("an upload is remembered by its file until it is over", () => {
  const file = { name: "a.mp4", size: 5, lastModified: 7 };
  const plan = { fingerprint: fingerprintOf(file), key: "k", video_id: null, name: "a.mp4", size: 5, title: "a", encoding: null };
  remember(plan);
  remember({ ...plan, video_id: "v1" });
  assert.deepEqual(recall(fingerprintOf(file))?.video_id, "v1");
  assert.equal(recall(fingerprintOf({ ...file, lastModified: 8 })), null);
  forget(plan.fingerprint);
  assert.deepEqual(remembered(), []);
});

test("speed is that of the last seconds", () => {
  const rate = new Rate();
  assert.equal(rate.perSecond, null);
  for (let second = 0; second <= 20; second += 1) rate.note(second * 1000, second < 10 ? 0 : (second - 10) * 100);
  assert.equal(rate.perSecond, 100);
  assert.equal(rate.secondsFor(500), 5);
});
