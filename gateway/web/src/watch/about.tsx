/** Title and description; the owner may change them, or delete the video. */

import { useSignal } from "@preact/signals";

import type { Video } from "../api/types.ts";
import { ago, moment } from "../look/format.ts";
import { DeleteButton } from "./delete.tsx";
import { EditForm } from "./edit.tsx";

interface Props {
  video: Video;
  refresh: () => Promise<void>;
}

export function About({ video, refresh }: Props) {
  const editing = useSignal(false);
  if (editing.value) return <EditForm video={video} done={refresh} close={() => void (editing.value = false)} />;
  return (
    <section class="about">
      <h1>{video.title || "Untitled"}</h1>
      <p class="about-facts">{factsOf(video)}</p>
      {video.description && <p class="about-text">{video.description}</p>}
      {video.mine && video.state !== "deleted" && (
        <div class="about-does">
          <button class="button" onClick={() => void (editing.value = true)}>Edit</button>
          <DeleteButton video={video} />
        </div>
      )}
    </section>
  );
}

function factsOf(video: Video): string {
  const at = moment(video.published_at) ?? moment(video.created_at);
  const when = at === null ? null : `${video.published_at ? "Published" : "Uploaded"} ${ago(at, Date.now())}`;
  const described = video.state !== "uploading"; // until then everything counts as private
  const seen = described && video.visibility !== "public" ? video.visibility : null;
  const by = video.mine ? "You" : video.owner?.slice(0, 12);
  return [by, when, seen].filter(Boolean).join(" · ");
}
