/** The owner's form for title, description and who may see it. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { problemFrom, type Problem } from "../api/request.ts";
import type { Video, Visibility } from "../api/types.ts";
import { describe } from "../api/videos.ts";
import { clock } from "../look/format.ts";
import { say } from "../page/announce.ts";
import { ProblemNote } from "../page/problem.tsx";

interface Props {
  video: Video;
  done: () => Promise<void>;
  close: () => void;
}

export function EditForm({ video, done, close }: Props) {
  const problem = useSignal<Problem | null>(null);
  const saving = useSignal(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const save = async (form: HTMLFormElement): Promise<void> => {
    saving.value = true;
    try {
      await describe(video.video_id, changesOf(form));
      await done();
      say("Saved");
      close();
    } catch (error) {
      problem.value = problemFrom(error);
    }
    saving.value = false;
  };
  return (
    <form class="about edit" onSubmit={(event) => (event.preventDefault(), void save(event.currentTarget))}
      onKeyDown={(event) => event.key === "Escape" && close()}>
      <label class="field"><span>Title</span>
        <input name="title" required maxLength={200} defaultValue={video.title} ref={first} />
      </label>
      <label class="field"><span>Description</span>
        <textarea name="description" rows={5} maxLength={5000} defaultValue={video.description ?? ""} />
      </label>
      <label class="field"><span>Tags, with commas between them</span>
        <input name="tags" maxLength={500} defaultValue={video.tags.join(", ")} />
      </label>
      <div class="fields">
        <label class="field"><span>Category</span><input name="category" maxLength={60} defaultValue={video.category ?? ""} /></label>
        <label class="field"><span>Language, such as en</span><input name="language" maxLength={35} defaultValue={video.language ?? ""} /></label>
      </div>
      <label class="field"><span>Who may see it</span>
        <select name="visibility" defaultValue={video.visibility ?? "public"}>
          <option value="public">Everybody</option>
          <option value="unlisted">Whoever has the link</option>
          <option value="private">Only you</option>
        </select>
      </label>
      {video.thumbnails.length > 1 && <PosterChoice video={video} />}
      {problem.value && <ProblemNote problem={problem.value} />}
      <div class="about-does">
        <button class="button button-solid" disabled={saving.value}>{saving.value ? "Saving" : "Save"}</button>
        <button class="button" type="button" onClick={close}>Cancel</button>
      </div>
    </form>
  );
}

/** Left alone, the poster stays what it is. */
function PosterChoice({ video }: { video: Video }) {
  return (
    <fieldset class="posters">
      <legend>Poster</legend>
      {video.thumbnails.map(({ at_ms, address }) => (
        <label key={at_ms}>
          <input type="radio" name="poster" value={at_ms} defaultChecked={address === video.poster} />
          <img src={address} alt={`At ${clock(at_ms / 1000)}`} loading="lazy" decoding="async" />
        </label>
      ))}
    </fieldset>
  );
}

function changesOf(form: HTMLFormElement) {
  const field = new FormData(form);
  const text = (name: string) => String(field.get(name)).trim();
  return {
    title: text("title"),
    description: text("description"),
    tags: text("tags").split(",").map((tag) => tag.trim()).filter((tag) => tag !== ""),
    category: text("category") || null,
    language: text("language") || null,
    visibility: String(field.get("visibility")) as Visibility,
    ...(field.has("poster") ? { poster_at_ms: Number(field.get("poster")) } : {}),
  };
}
