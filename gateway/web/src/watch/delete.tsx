/** Deleting a video, asked once more. */

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

import { problemFrom, type Problem } from "../api/request.ts";
import type { Video } from "../api/types.ts";
import { remove } from "../api/videos.ts";
import { shown } from "../library/live.ts";
import { say } from "../page/announce.ts";
import { ProblemNote } from "../page/problem.tsx";
import { go } from "../page/router.ts";

export function DeleteButton({ video }: { video: Video }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const problem = useSignal<Problem | null>(null);
  const confirmed = async (): Promise<void> => {
    try {
      await remove(video.video_id);
      if (shown.value) shown.value = { ...shown.value, videos: shown.value.videos.filter((one) => one.video_id !== video.video_id) };
      say(`${video.title} is deleted`);
      dialog.current?.close();
      go("/");
    } catch (error) {
      problem.value = problemFrom(error);
    }
  };
  return (
    <>
      <button class="button button-quiet button-danger" onClick={() => dialog.current?.showModal()}>Delete</button>
      <dialog class="dialog" ref={dialog} aria-labelledby="delete-title">
        <h2 id="delete-title">Delete “{video.title || "Untitled"}”?</h2>
        <p>Nobody can watch it any more. This can't be undone.</p>
        {problem.value && <ProblemNote problem={problem.value} />}
        <form method="dialog" class="dialog-does">
          <button class="button" autofocus>Keep it</button>
          <button class="button button-danger" type="button" onClick={() => void confirmed()}>Delete</button>
        </form>
      </dialog>
    </>
  );
}
