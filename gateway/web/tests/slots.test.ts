import assert from "node:assert/strict";
import { test } from "node:test";

import { Slots } from "../src/upload/slots.ts";

test("never more at once than there are lanes, first come first served, and a failure frees its lane", async () => {
  const slots = new Slots(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const work = (number: number) => slots.run(async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    order.push(number);
    if (number === 2) throw new Error("broken");
  });
  const results = await Promise.allSettled([1, 2, 3, 4, 5].map(work));
  assert.deepEqual(order, [1, 2, 3, 4, 5]);
  await Promise.all([6, 7, 8].map(work));
  assert.equal(most, 2);
  assert.deepEqual(results.map((result) => result.status), ["fulfilled", "rejected", "fulfilled", "fulfilled", "fulfilled"]);
});
