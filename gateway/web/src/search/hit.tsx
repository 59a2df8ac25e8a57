/** One video that was found, with the words that were found marked. */

import type { FoundCard } from "../api/types.ts";
import { watchPath } from "../page/router.ts";
import { CardFacts, CardPicture } from "../shelves/card.tsx";
import { pieces } from "./highlight.ts";

export function Hit({ video }: { video: FoundCard }) {
  const text = video.highlight.description;
  return (
    <li class="hit" data-video={video.video_id}>
      <a href={watchPath(video.video_id)}>
        <CardPicture video={video} />
        <h2 class="card-title">{video.highlight.title ? <Marked html={video.highlight.title} /> : video.title || "Untitled"}</h2>
      </a>
      <div class="card-says">
        <CardFacts video={video} />
        {text && <p class="hit-text"><Marked html={text} /></p>}
      </div>
    </li>
  );
}

function Marked({ html }: { html: string }) {
  return <>{pieces(html).map(({ text, found }, index) => (found ? <mark key={index}>{text}</mark> : text))}</>;
}
