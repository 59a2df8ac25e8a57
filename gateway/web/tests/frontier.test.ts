import assert from "node:assert/strict";
import { test } from "node:test";

import { frontierOf } from "../src/player/frontier.ts";

test("what can be played of a growing video is what its playlist holds", () => {
  assert.equal(frontierOf(12, 40, 0.9), 12);
});

test("where the player calls all of it seekable, or nothing yet, it is what is encoded", () => {
  assert.equal(frontierOf(40, 40, 0.5), 20);
  assert.equal(frontierOf(0, 40, 0.5), 20);
});
