/** One video on a shelf or among those found. */

import type { ComponentChildren } from "preact";

import type { Card } from "../api/types.ts";
import { ago, clock, counted } from "../look/format.ts";
import { Poster } from "../look/poster.tsx";
import { watchPath } from "../page/router.ts";

interface Props {
  video: Card;
  note: string | null;
}

export function ShelfCard({ video, note }: Props) {
  return (
    <li class="card" data-video={video.video_id}>
      <a href={watchPath(video.video_id)}>
        <CardPicture video={video} />
        <h3 class="card-title">{video.title || "Untitled"}</h3>
      </a>
      <div class="card-says">
        {note && <p class="card-note">{note}</p>}
        <CardFacts video={video} />
      </div>
    </li>
  );
}

export function CardPicture({ video, children }: { video: Card; children?: ComponentChildren }) {
  return (
    <div class="card-picture">
      <Poster address={video.poster} preview={video.preview} />
      {video.duration_ms !== null && <span class="card-length">{clock(video.duration_ms / 1000)}</span>}
      {children}
    </div>
  );
}

export function CardFacts({ video }: { video: Card }) {
  const views = video.views > 0 ? counted(video.views, "view") : null;
  const age = ago(video.created_at, Date.now());
  return <p class="card-facts"><span>{[views, age].filter(Boolean).join(" · ")}</span></p>;
}
