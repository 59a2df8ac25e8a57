import assert from "node:assert/strict";
import { test } from "node:test";

import { chainOf } from "../src/timeline/chain.ts";
import { sentenceOf } from "../src/timeline/sentences.ts";
import { joined } from "../src/watch/live.ts";

const event = (type: string, position: string, at: number, cause: string | null = null, fields = {}) =>
  ({ type, topic: position.split("/")[0] ?? "", at, position, cause, event: fields });

const STARTED = event("UploadStarted", "uploads/0/1", 0, null, { filename: "a.mp4", size: 2_000_000 });

test("at the same time a cause stands before its effect, whatever the topics are called", () => {
  const completed = event("UploadCompleted", "uploads/0/9", 5, "uploads/0/1");
  const probed = event("VideoProbed", "encodes/0/0", 5, "uploads/0/9");
  const steps = chainOf([probed, completed, STARTED]);
  assert.deepEqual(steps.map((step) => step.type), ["UploadStarted", "UploadCompleted", "VideoProbed"]);
  assert.deepEqual(steps.map((step) => step.because), [null, "UploadStarted", "UploadCompleted"]);
});

test("segments are one step, however they are mixed with others", () => {
  const segment = (at: number, rendition: string) => event("SegmentStored", `encodes/0/${at}`, at, null, { rendition });
  const steps = chainOf([segment(10, "720p"), event("VideoPlayable", "videos/0/1", 11), segment(12, "360p"), segment(13, "720p")]);
  assert.deepEqual(steps.map((step) => [step.type, step.events.length, step.until]), [["SegmentStored", 3, 13], ["VideoPlayable", 1, 11]]);
  assert.equal(sentenceOf(steps[0]!), "3 segments stored: 360p, 720p");
});

test("an event that comes twice counts once", () => {
  assert.equal(chainOf([STARTED, { ...STARTED }])[0]?.events.length, 1);
});

test("a kind this page does not know is told by its name", () => {
  assert.equal(sentenceOf(chainOf([event("EdgeWarmed", "edge/0/1", 1)])[0]!), "Edge warmed");
});

test("a copy that knows its cause replaces one that does not", () => {
  const bare = event("VideoProbed", "videos/0/3", 3);
  const caused = { ...bare, cause: "uploads/0/1" };
  assert.deepEqual(joined([bare], [caused]), [caused]);
  assert.deepEqual(joined([caused], [bare]), [caused]);
});

test("a trimmed ladder says what that saves", () => {
  const said = (fields: object) => sentenceOf(chainOf([event("LadderTrimmed", "encodes/0/1", 0, null, fields)])[0]!);
  assert.equal(said({ dropped: ["720p-vp9"], saved_kbps: 640 }), "Left out, as they bring too little: 720p-vp9 (640 kb/s saved)");
  assert.equal(said({ dropped: [], saved_kbps: 0 }), "Every size is worth its bits");
});
