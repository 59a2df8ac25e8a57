/** One video in the library. */

import type { VideoSummary } from "../api/types.ts";
import { Badge } from "../look/badge.tsx";
import { Bar } from "../look/bar.tsx";
import { ago, clock, counted, moment, percent } from "../look/format.ts";
import { Poster } from "../look/poster.tsx";
import { watchPath } from "../page/router.ts";

export function Card({ video }: { video: VideoSummary }) {
  const created = moment(video.created_at);
  return (
    <li class="card" data-testid="video" data-video={video.video_id}>
      <a href={watchPath(video.video_id)}>
        <div class="card-picture">
          <Poster address={video.poster} preview={video.preview} />
          {video.duration_ms !== null && <span class="card-length">{clock(video.duration_ms / 1000)}</span>}
          {video.state === "encoding" && <Bar fraction={video.progress?.fraction ?? null} label={`Encoding ${video.title}`} />}
        </div>
        <h3 class="card-title">{video.title || "Untitled"}</h3>
      </a>
      <p class="card-facts">
        <Badge state={video.state} />
        {video.views > 0 && <span>{counted(video.views, "view")}</span>}
        <span>{factOf(video) ?? (created === null ? "" : ago(created, Date.now()))}</span>
      </p>
    </li>
  );
}

function factOf(video: VideoSummary): string | null {
  if (video.state === "encoding" && video.progress) {
    return `${percent(video.progress.fraction)}${video.playable ? " · plays already" : ""}`;
  }
  if (video.state === "rejected" || video.state === "failed") return video.reason;
  return null;
}
