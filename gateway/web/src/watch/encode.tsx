/** How far the encode is, right under the picture. The line keeps its place when it is done, so that nothing jumps. */

import type { Video } from "../api/types.ts";
import { Badge } from "../look/badge.tsx";
import { Bar } from "../look/bar.tsx";
import { clock, percent } from "../look/format.ts";
import { Icon } from "../look/icon.tsx";
import { chooseEngine, engineName } from "../player/open.ts";
import type { EngineName } from "../player/engine.ts";

export function EncodeLine({ video }: { video: Video }) {
  const working = video.state === "encoding" || video.state === "probing";
  return (
    <div class="encode">
      <Badge state={video.state} />
      {working ? <Progress video={video} /> : <p class="encode-facts">{video.reason ?? factsOf(video)}</p>}
      <EngineSwitch video={video} />
    </div>
  );
}

function Progress({ video }: { video: Video }) {
  const progress = video.progress;
  const rungs = progress?.rungs ?? [];
  const text = progress ? `${percent(progress.fraction)} encoded` : "starting";
  return (
    <div class="encode-progress">
      <Bar
        fraction={progress?.fraction ?? null} label="Encode progress" text={text} testid="encode-progress"
        cells={Math.ceil((progress?.segments_total ?? 1) / Math.max(1, rungs.length))}
      />
      <p>{progress ? percent(progress.fraction) : "Starting"}<span>{rungs.join(" · ")}</span></p>
    </div>
  );
}

function factsOf(video: Video): string {
  const length = video.duration_ms === null ? null : clock(video.duration_ms / 1000);
  const size = video.width && video.height ? `${video.width} × ${video.height}` : null;
  const rungs = video.renditions.filter((one) => one.height > 0).length;
  return [length, size, rungs > 0 ? `${rungs} ${rungs === 1 ? "quality" : "qualities"}` : null].filter(Boolean).join(" · ");
}

function EngineSwitch({ video }: { video: Video }) {
  if (!video.playable || !video.hls || !video.dash) return null;
  return (
    <label class="engine">
      <span class="unseen">Play through</span>
      <select
        data-testid="engine" value={engineName.value}
        onChange={(event) => chooseEngine(event.currentTarget.value as EngineName)}
      >
        <option value="hls">HLS</option>
        <option value="dash">DASH</option>
      </select>
      <Icon name="gear" />
    </label>
  );
}
