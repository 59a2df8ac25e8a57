/** The uploads of this visit: what the upload page shows, and what goes on while other pages are open. */

import { signal, type Signal } from "@preact/signals";

import { Problem } from "../api/request.ts";
import { retrying, transient } from "../api/retry.ts";
import { config } from "../api/session.ts";
import type { Video } from "../api/types.ts";
import { abort as abortUpload } from "../api/uploads.ts";
import { describe } from "../api/videos.ts";
import { say } from "../page/announce.ts";
import { awaitPlayable } from "./aftermath.ts";
import { admit, titleOf } from "./kinds.ts";
import { wanted } from "./policies.ts";
import { Rate } from "./rate.ts";
import { fingerprintOf, forget, recall, remember, remembered, type Remembered } from "./remembered.ts";
import { freshKey, transfer } from "./transfer.ts";

/** lost: begun on an earlier visit, and the browser needs the file once more. */
export type Phase = "lost" | "sending" | "waiting" | "finishing" | "stored" | "failed";

export interface Upload {
  /** Tells two attempts at the same file apart. */
  readonly id: number;
  readonly plan: Remembered;
  readonly rate: Rate;
  readonly title: Signal<string>;
  readonly phase: Signal<Phase>;
  readonly sent: Signal<number>;
  readonly problem: Signal<Problem | null>;
  readonly video: Signal<Video | null>;
  file: File | null;
  stop: AbortController;
}

let made = 0;

export const uploads = signal<Upload[]>(remembered().map((plan) => uploadOf(plan, "lost")));

/** Starts each file, or goes on with it where an earlier visit left off. */
export function add(files: Iterable<File>): void {
  for (const file of files) {
    const fingerprint = fingerprintOf(file);
    const known = uploads.value.find((upload) => upload.plan.fingerprint === fingerprint);
    if (known && ["sending", "waiting", "finishing"].includes(known.phase.value)) continue;
    if (known) remove(known);
    const upload = uploadOf(recall(fingerprint) ?? planOf(file, fingerprint), "sending");
    upload.file = file;
    uploads.value = [upload, ...uploads.value];
    void run(upload);
  }
}

export function retry(upload: Upload): void {
  if (upload.file) void run(upload);
}

/** Stops the upload and has the store freed of its parts. */
export async function discard(upload: Upload): Promise<void> {
  upload.stop.abort();
  remove(upload);
  forget(upload.plan.fingerprint);
  if (upload.phase.value === "stored" || upload.plan.video_id === null) return;
  await abortUpload(upload.plan.video_id).catch(() => undefined); // an upload nobody finishes expires by itself
  say(`Upload of ${upload.plan.name} cancelled`);
}

/** Stops and forgets all: they were of an account that is no more. */
export function forgetAll(): void {
  for (const upload of uploads.value) {
    upload.stop.abort();
    forget(upload.plan.fingerprint);
  }
  uploads.value = [];
}

/** Takes a finished upload off the page; its video stays. */
export function remove(upload: Upload): void {
  uploads.value = uploads.value.filter((one) => one !== upload);
}

/** Names the video, at once where it has been announced already (and first heard of, a moment later). Throws `Problem`. */
export async function rename(upload: Upload, title: string): Promise<void> {
  upload.title.value = title;
  upload.plan.title = title;
  if (upload.phase.value !== "stored") remember(upload.plan);
  const id = upload.plan.video_id;
  if (id === null) return;
  await retrying(() => describe(id, { title }), { limit: 6, signal: upload.stop.signal, worth: (error) => transient(error) || tooEarly(error) });
}

async function run(upload: Upload): Promise<void> {
  const { plan, phase, sent, problem, rate } = upload;
  const file = upload.file as File;
  upload.stop = new AbortController();
  problem.value = null;
  phase.value = "sending";
  try {
    if (config.value) admit(file, config.value.upload);
    const id = await transfer(file, plan, {
      opened: (video) => void (plan.video_id = video),
      sent: (bytes) => {
        phase.value = "sending";
        sent.value = bytes;
        rate.note(performance.now(), bytes);
      },
      waiting: () => void (phase.value = "waiting"),
      finishing: () => void (phase.value = "finishing"),
    }, upload.stop.signal);
    phase.value = "stored";
    say(`${plan.name} is uploaded`);
    await awaitPlayable(id, upload.video, upload.stop.signal);
  } catch (error) {
    if (upload.stop.signal.aborted) return;
    problem.value = error instanceof Problem ? error : new Problem(0, "Upload failed", String(error), null, null);
    phase.value = "failed";
    say(`Upload of ${plan.name} failed: ${problem.value.message}`);
  }
}

function tooEarly(error: unknown): boolean {
  return error instanceof Problem && [404, 409].includes(error.status);
}

function planOf(file: File, fingerprint: string): Remembered {
  return { fingerprint, key: freshKey(), video_id: null, name: file.name, size: file.size, title: titleOf(file.name), encoding: wanted.value };
}

function uploadOf(plan: Remembered, phase: Phase): Upload {
  made += 1;
  return {
    id: made, plan, rate: new Rate(), title: signal(plan.title), phase: signal(phase), sent: signal(0),
    problem: signal(null), video: signal(null), file: null, stop: new AbortController(),
  };
}
