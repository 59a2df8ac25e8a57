/** Uploads of an earlier visit: how far they got, and whether they can still go on. */

import { Problem } from "../api/request.ts";
import { retrying } from "../api/retry.ts";
import { status } from "../api/uploads.ts";
import { bytesOf, layoutOf, usable } from "./parts.ts";
import { remove, uploads, type Upload } from "./queue.ts";
import { forget } from "./remembered.ts";

export async function lookUpLost(): Promise<void> {
  const lost = uploads.value.filter((upload) => upload.phase.value === "lost");
  await Promise.all(lost.map(lookUp));
}

async function lookUp(upload: Upload): Promise<void> {
  const id = upload.plan.video_id;
  if (id === null) return gone(upload); // never announced: nothing is stored
  try {
    const found = await retrying(() => status(id), { limit: 12, signal: upload.stop.signal });
    if (upload.phase.value !== "lost") return;
    if (found.state !== "open") return gone(upload);
    upload.sent.value = bytesOf(usable(found.parts, layoutOf(found.size, found.part_size, found.part_count)));
  } catch (error) {
    if (error instanceof Problem && [403, 404, 410].includes(error.status)) gone(upload);
  }
}

function gone(upload: Upload): void {
  forget(upload.plan.fingerprint);
  remove(upload);
}
