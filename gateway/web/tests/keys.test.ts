import assert from "node:assert/strict";
import { test } from "node:test";

import { actionOf, wanted } from "../src/player/keys.ts";

const press = (key: string, held = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });
const focus = (tag: string, more = {}) => ({ tag, type: null, role: null, editable: false, ...more });

test("the usual keys do the usual things", () => {
  assert.deepEqual([" ", "k", "K"].map((key) => actionOf(press(key))?.do), ["toggle", "toggle", "toggle"]);
  assert.deepEqual(["j", "l", "ArrowLeft", "ArrowRight"].map((key) => actionOf(press(key))), [
    { do: "skip", seconds: -10 }, { do: "skip", seconds: 10 }, { do: "skip", seconds: -5 }, { do: "skip", seconds: 5 },
  ]);
  assert.deepEqual(actionOf(press("7")), { do: "jump", fraction: 0.7 });
  assert.deepEqual([actionOf(press("m"))?.do, actionOf(press("f"))?.do], ["mute", "fullscreen"]);
});

test("the browser keeps its own shortcuts", () => {
  assert.equal(actionOf(press("f", { ctrlKey: true })), null);
  assert.equal(actionOf(press("l", { metaKey: true })), null);
  assert.equal(actionOf(press("Tab")), null);
});

test("text fields take every key, buttons only Space, the position bar none", () => {
  assert.equal(wanted("k", focus("INPUT", { type: "text" })), true);
  assert.equal(wanted("k", focus("TEXTAREA")), true);
  assert.equal(wanted(" ", focus("BUTTON")), true);
  assert.equal(wanted("k", focus("BUTTON")), false);
  assert.equal(wanted("ArrowLeft", focus("INPUT", { type: "range" })), false);
  assert.equal(wanted("ArrowDown", focus("BUTTON", { role: "menuitemradio" })), true);
});
