import assert from "node:assert/strict";
import { test } from "node:test";

import { chosen, closed, EMPTY, pressed, suggested, typed, type Box } from "../src/search/combobox.ts";
import { pieces } from "../src/search/highlight.ts";
import { queryOf, questionOf, searchPath } from "../src/search/question.ts";
import { Suggester } from "../src/search/suggester.ts";

const TITLES = [{ title: "Fog", video_id: "1" }, { title: "Fog lifting", video_id: "2" }];
const OPEN = suggested(typed(EMPTY, "fo"), "fo", TITLES);

function after(box: Box, ...keys: string[]): Box {
  return keys.reduce((state, key) => pressed(state, key) ?? state, box);
}

test("arrows go round through the suggestions and back to the words", () => {
  assert.deepEqual([0, 1, 2, 3].map((downs) => after(OPEN, ...Array<string>(downs).fill("ArrowDown")).at), [-1, 0, 1, -1]);
  assert.deepEqual([1, 2, 3].map((ups) => after(OPEN, ...Array<string>(ups).fill("ArrowUp")).at), [1, 0, -1]);
});

test("Enter goes to the suggestion that is pointed at, else it searches the words", () => {
  assert.deepEqual(chosen(after(OPEN, "ArrowDown", "ArrowDown")), { video: "2" });
  assert.deepEqual(chosen(OPEN), { words: "fo" });
  assert.deepEqual(chosen(closed(after(OPEN, "ArrowDown"))), { words: "fo" });
  assert.equal(chosen(typed(EMPTY, "  ")), null);
});

test("Escape closes, then empties, and then is somebody else's", () => {
  const once = after(OPEN, "Escape");
  assert.deepEqual([once.open, once.text], [false, "fo"]);
  assert.deepEqual(after(once, "Escape"), EMPTY);
  assert.equal(pressed(EMPTY, "Escape"), null);
});

test("an arrow opens a closed list again; without suggestions it is the field's own", () => {
  assert.deepEqual(after(closed(OPEN), "ArrowDown"), { ...OPEN, at: 0 });
  assert.equal(pressed(typed(EMPTY, "fo"), "ArrowDown"), null);
  assert.equal(pressed(OPEN, "ArrowLeft"), null);
});

test("an answer to what is no longer written is dropped", () => {
  assert.deepEqual(suggested(typed(OPEN, "fog"), "fo", []), typed(OPEN, "fog"));
  assert.equal(typed(OPEN, "").open, false);
});

test("one question a pause in typing, and only the last answer is heard", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked: [text: string, signal: AbortSignal, answer: (titles: typeof TITLES) => void][] = [];
  const heard: string[] = [];
  const suggester = new Suggester(
    (text, signal) => new Promise((resolve) => asked.push([text, signal, resolve])),
    (text) => heard.push(text),
  );
  for (const text of ["f", "fo", "fog"]) suggester.ask(text);
  t.mock.timers.tick(200);
  suggester.ask("fog l");
  t.mock.timers.tick(200);
  assert.deepEqual(asked.map(([text]) => text), ["fog", "fog l"]);
  asked[1]?.[2](TITLES);
  asked[0]?.[2](TITLES); // late
  await new Promise(setImmediate);
  assert.deepEqual(heard, ["fog l"]);
  assert.equal(asked[0]?.[1].aborted, true);
  suggester.ask("fog li");
  suggester.stop();
  suggester.ask(" ");
  t.mock.timers.tick(200);
  assert.equal(asked.length, 2);
});

test("marks become pieces, and all other markup stays the text it is", () => {
  assert.deepEqual(pieces("a <mark>fog &lt;3</mark> &lt;b&gt;&amp;lt;&#x27;&#47;<script>x</script>&nope;&#x110000;"), [
    { text: "a ", found: false }, { text: "fog <3", found: true }, { text: " <b>&lt;'/<script>x</script>&nope;&#x110000;", found: false },
  ]);
  assert.deepEqual(pieces("<mark>never closed"), [{ text: "never closed", found: false }]);
  assert.deepEqual(pieces("</mark>"), [{ text: "</mark>", found: false }]);
  assert.deepEqual(pieces("salt &amp; pepper"), [{ text: "salt & pepper", found: false }]);
  assert.deepEqual(pieces(""), []);
});

test("a question and its address are the same thing", () => {
  const question = { q: "fog & mist", length: "medium", category: "", language: "en", tag: "" } as const;
  assert.equal(searchPath(question), "/search?q=fog+%26+mist&language=en&length=medium");
  assert.deepEqual(questionOf(searchPath(question).split("?")[1] ?? ""), question);
  assert.equal(questionOf("length=toString").length, "any");
  assert.equal(String(queryOf(question)), "q=fog+%26+mist&language=en&min_duration_ms=240000&max_duration_ms=1200000");
});
