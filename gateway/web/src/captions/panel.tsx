/** The captions of one's own video: which there are, one more, one less. */

import { useSignal, type Signal } from "@preact/signals";

import { removeCaptions } from "../api/captions.ts";
import { problemFrom, type Problem } from "../api/request.ts";
import type { Caption, Video } from "../api/types.ts";
import { say } from "../page/announce.ts";
import { ProblemNote } from "../page/problem.tsx";
import { spokenName } from "../player/spoken.ts";
import { AddForm } from "./add.tsx";

interface Props {
  video: Video;
  refresh: () => Promise<void>;
}

/** Folded: most people look in once. */
export function CaptionsPanel({ video, refresh }: Props) {
  const problem = useSignal<Problem | null>(null);
  const there = video.captions.map(nameOf).join(", ");
  return (
    <details class="captions" data-testid="captions-panel">
      <summary>Captions<span>{there || "None yet"}</span></summary>
      {video.captions.length > 0 && (
        <ul role="list" aria-label="Captions">
          {video.captions.map((caption) => <Line key={caption.language} {...{ video, caption, refresh, problem }} />)}
        </ul>
      )}
      {problem.value && <ProblemNote problem={problem.value} />}
      <AddForm video={video} refresh={refresh} problem={problem} />
    </details>
  );
}

function Line({ video, caption, refresh, problem }: Props & { caption: Caption; problem: Signal<Problem | null> }) {
  const name = nameOf(caption);
  const remove = async (button: HTMLElement) => {
    const panel = button.closest("details");
    problem.value = null;
    try {
      await removeCaptions(video.video_id, caption.language);
      await refresh();
      say(`Captions removed: ${name}`);
      panel?.querySelector("summary")?.focus(); // the button is gone
    } catch (error) {
      problem.value = problemFrom(error);
    }
  };
  return (
    <li data-language={caption.language}>
      <span>{name}</span>
      <span class="captions-from">{caption.language} · {caption.origin === "uploaded" ? "uploaded" : "from the file"}</span>
      <button class="button button-quiet" type="button" aria-label={`Remove captions: ${name}`} onClick={(event) => void remove(event.currentTarget)}>Remove</button>
    </li>
  );
}

function nameOf(caption: Caption): string {
  return spokenName(caption.label, caption.language);
}
