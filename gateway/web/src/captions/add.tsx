/** The form that gives a video captions in one more language, or others in place of those it has. */

import { useSignal, type Signal } from "@preact/signals";

import { putCaptions } from "../api/captions.ts";
import { problemFrom, type Problem } from "../api/request.ts";
import type { Video } from "../api/types.ts";
import { say } from "../page/announce.ts";

interface Props {
  video: Video;
  refresh: () => Promise<void>;
  problem: Signal<Problem | null>;
}

export function AddForm({ video, refresh, problem }: Props) {
  const sending = useSignal(false);
  const add = async (form: HTMLFormElement): Promise<void> => {
    const field = new FormData(form);
    const [language, label] = [String(field.get("language")).trim(), String(field.get("label")).trim()];
    sending.value = true;
    problem.value = null;
    try {
      await putCaptions(video.video_id, language, label, field.get("captions") as File);
      await refresh();
      say(`Captions added: ${label || language}`);
      form.reset();
    } catch (error) {
      problem.value = problemFrom(error);
    }
    sending.value = false;
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), void add(event.currentTarget))}>
      <div class="fields">
        <label class="field"><span>Language of the captions, such as en</span><input name="language" required maxLength={35} /></label>
        <label class="field"><span>Name in the player's menu, if another</span><input name="label" maxLength={100} /></label>
      </div>
      <label class="field"><span>File, SubRip or WebVTT</span><input type="file" name="captions" required accept=".srt,.vtt,text/vtt" /></label>
      <button class="button" disabled={sending.value}>{sending.value ? "Adding" : "Add captions"}</button>
      <p>A player that is open shows them the next time.</p>
    </form>
  );
}
