/** One upload: its title, how far it is, and what it became. */

import { useComputed, useSignal } from "@preact/signals";

import { problemFrom, type Problem } from "../api/request.ts";
import { Bar } from "../look/bar.tsx";
import { bytes } from "../look/format.ts";
import { ProblemNote } from "../page/problem.tsx";
import { Outcome } from "./outcome.tsx";
import { nameOf } from "./policies.ts";
import { discard, remove, rename, retry, type Upload } from "./queue.ts";
import { lineOf } from "./line.ts";

export function Row({ upload }: { upload: Upload }) {
  const phase = upload.phase.value;
  return (
    <li class={`upload upload-${phase}`} data-testid="upload" data-phase={phase} data-video={upload.plan.video_id ?? undefined}>
      <Title upload={upload} />
      <p class="upload-file">{upload.plan.name}<span>{bytes(upload.plan.size)}</span>{upload.plan.encoding && <span>{nameOf(upload.plan.encoding)}</span>}</p>
      <Sent upload={upload} />
      {upload.problem.value && <Failed upload={upload} problem={upload.problem.value} />}
      {phase === "stored" && <Outcome shown={upload.video} />}
      <div class="upload-does">
        {phase === "stored"
          ? <button class="button button-quiet" onClick={() => remove(upload)}>Clear</button>
          : <button class="button button-quiet" onClick={() => void discard(upload)}>{phase === "lost" || phase === "failed" ? "Discard" : "Cancel"}</button>}
      </div>
    </li>
  );
}

function Title({ upload }: { upload: Upload }) {
  const problem = useSignal<Problem | null>(null);
  const save = async (input: HTMLInputElement) => {
    const title = input.value.trim();
    if (title === "") input.value = upload.title.value;
    if (title === "" || title === upload.title.value) return;
    problem.value = null;
    await rename(upload, title).catch((error: unknown) => void (problem.value = problemFrom(error)));
  };
  return (
    <div class="upload-title">
      <input
        type="text" aria-label={`Title of ${upload.plan.name}`} maxLength={200} defaultValue={upload.title.value} data-testid="title"
        onBlur={(event) => void save(event.currentTarget)}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
      {problem.value && <ProblemNote problem={problem.value} />}
    </div>
  );
}

function Sent({ upload }: { upload: Upload }) {
  const done = useComputed(() => (upload.phase.value === "stored" ? 1 : upload.sent.value / Math.max(1, upload.plan.size))).value;
  const line = useComputed(() => lineOf(upload.phase.value, upload.sent.value, upload.plan.size, upload.rate)).value;
  return (
    <div class={upload.phase.value === "stored" ? "unseen" : "upload-sent"}>
      <Bar fraction={done} label={`Uploading ${upload.plan.name}`} text={line} />
      <p>{line}</p>
    </div>
  );
}

function Failed({ upload, problem }: { upload: Upload; problem: Problem }) {
  const mayGoOn = upload.file !== null && ![400, 413, 415, 422].includes(problem.status);
  return mayGoOn
    ? <ProblemNote problem={problem} again={() => retry(upload)} label="Continue" />
    : <ProblemNote problem={problem} />;
}
