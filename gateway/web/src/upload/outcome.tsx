/** What the uploaded file became: on its way, playable, or refused with a reason. */

import type { Signal } from "@preact/signals";

import type { Video } from "../api/types.ts";
import { video as readVideo } from "../api/videos.ts";
import { CaptionsPanel } from "../captions/panel.tsx";
import { Badge } from "../look/badge.tsx";
import { Bar } from "../look/bar.tsx";
import { percent } from "../look/format.ts";
import { Icon } from "../look/icon.tsx";
import { watchPath } from "../page/router.ts";
import { Warnings } from "../page/warnings.tsx";

export function Outcome({ shown }: { shown: Signal<Video | null> }) {
  const video = shown.value;
  if (!video) return <p class="outcome">Handing over to the encoder</p>;
  return (
    <div class="outcome">
      <Badge state={video.state} />
      {video.reason && <p class="outcome-reason">{video.reason}</p>}
      {video.state === "encoding" && <Encoding video={video} />}
      {video.playable && (
        <a class="button button-solid" href={watchPath(video.video_id)} data-testid="watch"><Icon name="play" />Watch</a>
      )}
      <Warnings video={video} />
      {video.playable && <CaptionsPanel video={video} refresh={async () => void (shown.value = await readVideo(video.video_id))} />}
    </div>
  );
}

function Encoding({ video }: { video: Video }) {
  const progress = video.progress;
  return (
    <div class="outcome-encode">
      <Bar fraction={progress?.fraction ?? null} label="Encoding" />
      <span>{progress ? percent(progress.fraction) : ""}</span>
    </div>
  );
}
