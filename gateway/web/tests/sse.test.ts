import assert from "node:assert/strict";
import { test } from "node:test";

import { SseParser } from "../src/api/sse.ts";

const STREAM = 'retry: 2000\n\n: still here\n\nid: uploads/0/1\nevent: PartStored\ndata: {"a":1}\n\nid: uploads/0/2\ndata: x\ndata: y\n\n';

test("a stream of messages is read, comments and retry passed over", () => {
  assert.deepEqual(new SseParser().feed(STREAM), [
    { id: "uploads/0/1", event: "PartStored", data: '{"a":1}' },
    { id: "uploads/0/2", event: "message", data: "x\ny" },
  ]);
});

test("however the stream is cut, and whatever its line ends, the messages are the same", () => {
  const whole = new SseParser().feed(STREAM);
  for (const text of [STREAM, STREAM.replaceAll("\n", "\r\n"), STREAM.replaceAll("\n", "\r")]) {
    for (let at = 0; at <= text.length; at += 1) {
      const parser = new SseParser();
      const cut = [...parser.feed(text.slice(0, at)), ...parser.feed(text.slice(at)), ...parser.feed("\n")];
      assert.deepEqual(cut, whole, `cut at ${at}`);
    }
  }
});

test("a message that has not ended is kept back", () => {
  assert.deepEqual(new SseParser().feed("data: half"), []);
});
