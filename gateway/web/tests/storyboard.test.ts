import assert from "node:assert/strict";
import { test } from "node:test";

import { tileAt, tilesOf } from "../src/player/storyboard.ts";

const TEXT = `WEBVTT

00:00:00.000 --> 00:00:05.000
pictures/aa.jpg#xywh=0,0,160,90

00:00:05.000 --> 01:00:00.500
pictures/aa.jpg#xywh=160,0,160,90

01:00:00.500 --> 01:00:04.000
pictures/bb.jpg#xywh=0,90,160,90
`;
const tiles = tilesOf(TEXT, "http://edge.example/media/1.x/v/storyboard.vtt");

test("a cue is a part of a sheet, beside the storyboard", () => {
  assert.deepEqual(tiles[1], {
    from: 5, sheet: "http://edge.example/media/1.x/v/pictures/aa.jpg", x: 160, y: 0, width: 160, height: 90,
  });
  assert.deepEqual([tiles.length, tiles[2]?.from, tiles[2]?.y], [3, 3600.5, 90]);
});

test("the tile at a time is the last that has begun", () => {
  assert.equal(tileAt(tiles, 0), tiles[0]);
  assert.equal(tileAt(tiles, 4.999), tiles[0]);
  assert.equal(tileAt(tiles, 5), tiles[1]);
  assert.equal(tileAt(tiles, 90_000), tiles[2]);
  assert.equal(tileAt([], 3), null);
});

test("what is no storyboard has no tiles", () => {
  assert.deepEqual(tilesOf("<html>", "http://x/y"), []);
});
