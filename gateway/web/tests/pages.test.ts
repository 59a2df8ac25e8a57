import assert from "node:assert/strict";
import { test } from "node:test";

import type { VideoSummary } from "../src/api/types.ts";
import { merged } from "../src/library/live.ts";
import { routeOf, watchPath } from "../src/page/router.ts";
import { levelName, ordered } from "../src/player/engine.ts";

const videos = (...ids: string[]) => ids.map((video_id) => ({ video_id }) as VideoSummary);

test("each page has its address, and everything else is missing", () => {
  assert.deepEqual(routeOf("/"), { page: "library" });
  assert.deepEqual(routeOf("/upload/"), { page: "upload" });
  assert.deepEqual(routeOf("/search?q=a%20b"), { page: "search", asked: "q=a%20b" });
  assert.deepEqual(routeOf("/sign-in"), { page: "sign-in" });
  assert.deepEqual(routeOf(watchPath("a b/c")), { page: "watch", video: "a b/c" });
  assert.deepEqual(["/watch", "/upload/x", "/watch/a/b", "/watch/%zz"].map((path) => routeOf(path).page), ["missing", "missing", "missing", "missing"]);
});

test("reading the first page again keeps the further pages that are shown", () => {
  const held = { videos: videos("c", "b", "a"), cursor: "after-a" };
  assert.deepEqual(merged(held, { videos: videos("d", "c"), cursor: "after-c" }), { videos: videos("d", "c", "b", "a"), cursor: "after-a" });
  assert.deepEqual(merged(held, { videos: videos("b"), cursor: null }), { videos: videos("b"), cursor: null });
  assert.deepEqual(merged(held, { videos: videos("z", "y"), cursor: "after-y" }), { videos: videos("z", "y"), cursor: "after-y" });
});

test("qualities are listed highest first, each once", () => {
  const levels = [{ id: "0", height: 360, bandwidth: 1 }, { id: "1", height: 720, bandwidth: 3 }, { id: "2", height: 720, bandwidth: 5 }];
  assert.deepEqual(ordered(levels).map((level) => level.id), ["2", "0"]);
  assert.equal(levelName({ id: "x", height: 0, bandwidth: 64_000 }), "64 kb/s");
});
