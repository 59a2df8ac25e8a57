/** Moves one file into the store: opens or resumes its upload, sends what is missing, has it completed. */

import { Problem } from "../api/request.ts";
import { retrying } from "../api/retry.ts";
import { begin, complete, status, type PartTag, type StoredPart, type UploadStatus } from "../api/uploads.ts";
import { contentTypeOf } from "./kinds.ts";
import { layoutOf } from "./parts.ts";
import { forget, remember, type Remembered } from "./remembered.ts";
import { sendMissing, type Listener, type OpenUpload } from "./send.ts";

export interface Told extends Listener {
  opened: (video: string) => void;
  finishing: () => void;
}

/** Resolves with the video's id when the gateway has taken the completion. Throws `Problem`, or the signal's reason. */
export async function transfer(file: File, plan: Remembered, told: Told, signal: AbortSignal): Promise<string> {
  const found = await foundAgain(plan, told, signal);
  if (found && found.state !== "open") {
    forget(plan.fingerprint);
    return found.video_id;
  }
  const open = found ? resumed(found) : await opened(file, plan, told, signal);
  told.opened(open.video);
  const parts = await sendMissing(file, open, told, signal);
  told.finishing();
  const tags = await tagged(open.video, parts, signal);
  await retrying(() => complete(open.video, tags, signal), { limit: 6, signal, waiting: told.waiting });
  forget(plan.fingerprint);
  return open.video;
}

/** The remembered upload while it can still go on or has been completed; else null, and the plan starts over. */
async function foundAgain(plan: Remembered, told: Told, signal: AbortSignal): Promise<UploadStatus | null> {
  const id = plan.video_id;
  if (id === null) return null;
  const asked = retrying(() => status(id, signal), { limit: 12, signal, waiting: told.waiting });
  const found = await asked.catch((error: unknown) => {
    if (error instanceof Problem && [403, 404, 410].includes(error.status)) return null;
    throw error;
  });
  if (found && ["open", "completing", "completed"].includes(found.state)) return found;
  plan.video_id = null;
  plan.key = freshKey();
  return null;
}

function resumed(found: UploadStatus): OpenUpload {
  const layout = layoutOf(found.size, found.part_size, found.part_count);
  return { video: found.video_id, layout, stored: found.parts, urls: [] };
}

async function opened(file: File, plan: Remembered, told: Told, signal: AbortSignal): Promise<OpenUpload> {
  remember(plan);
  const announced = { filename: file.name, size: file.size, content_type: contentTypeOf(file), title: plan.title, encoding: plan.encoding };
  const { video_id: video, upload } = await retrying(() => begin(announced, plan.key, signal), { limit: 8, signal, waiting: told.waiting });
  plan.video_id = video;
  remember(plan);
  const single = upload.kind === "put";
  const layout = single ? layoutOf(file.size, null, null) : layoutOf(file.size, upload.part_size, upload.part_count);
  const urls = single ? [{ number: 1, url: upload.url }] : upload.parts;
  return { video, layout, stored: [], urls };
}

/** Tags for the completion; a store that shows pages no ETag is asked through the gateway. */
async function tagged(video: string, parts: StoredPart[], signal: AbortSignal): Promise<PartTag[]> {
  if (parts.every((part) => part.etag !== "")) return parts.map(({ number, etag }) => ({ number, etag }));
  const { parts: held } = await status(video, signal);
  return held.map(({ number, etag }) => ({ number, etag }));
}

/** A key for `Idempotency-Key`: 128 random bits (`crypto.randomUUID` exists on secure origins only). */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
