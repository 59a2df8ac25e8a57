/** Title and description; the owner may change them, or delete the video. */

import { useSignal } from "@preact/signals";

import type { Analytics, Video } from "../api/types.ts";
import { CaptionsPanel } from "../captions/panel.tsx";
import { ago, counted, moment } from "../look/format.ts";
import { Warnings } from "../page/warnings.tsx";
import { Stars } from "../rating/stars.tsx";
import { searchPath } from "../search/question.ts";
import { DeleteButton } from "./delete.tsx";
import { EditForm } from "./edit.tsx";

interface Props {
  video: Video;
  /** As they are counted live; null until they are there. */
  numbers: Analytics | null;
  refresh: () => Promise<void>;
}

export function About({ video, numbers, refresh }: Props) {
  const editing = useSignal(false);
  if (editing.value) return <EditForm video={video} done={refresh} close={() => void (editing.value = false)} />;
  return (
    <section class="about">
      <h1>{video.title || "Untitled"}</h1>
      <p class="about-facts">{factsOf(video, numbers?.views ?? video.views)}</p>
      {video.playable && <Stars video={video} rating={numbers?.ratings ?? video.rating} refresh={refresh} />}
      {video.description && <p class="about-text">{video.description}</p>}
      <Tags video={video} />
      <Warnings video={video} />
      {video.mine && video.state !== "deleted" && (
        <div class="about-does">
          <button class="button" onClick={() => void (editing.value = true)}>Edit</button>
          <DeleteButton video={video} />
        </div>
      )}
      {video.mine && video.playable && <CaptionsPanel video={video} refresh={refresh} />}
    </section>
  );
}

function Tags({ video }: { video: Video }) {
  const tags = video.tags;
  if (tags.length === 0) return null;
  return (
    <ul class="tags" role="list" aria-label="Tags">
      {tags.map((tag) => <li key={tag}><a class="chip" href={searchPath({ tag })}>{tag}</a></li>)}
    </ul>
  );
}

function factsOf(video: Video, views: number): string {
  const at = moment(video.published_at) ?? moment(video.created_at);
  const when = at === null ? null : `${video.published_at ? "Published" : "Uploaded"} ${ago(at, Date.now())}`;
  const described = video.state !== "uploading"; // until then everything counts as private
  const seen = described && video.visibility !== "public" ? video.visibility : null;
  const by = video.mine ? "You" : video.owner?.slice(0, 12);
  return [by, video.playable ? counted(views, "view") : null, when, seen].filter(Boolean).join(" · ");
}
