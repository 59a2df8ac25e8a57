/** The watch page: the video, what is known about it, and what happened to it. */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { ProblemNote } from "../page/problem.tsx";
import { ready } from "../page/router.ts";
import { Player } from "../player/player.tsx";
import { TimelinePanel } from "../timeline/panel.tsx";
import { About } from "./about.tsx";
import { EncodeLine } from "./encode.tsx";
import { liveVideo } from "./live.ts";
import { StageNote } from "./stage_note.tsx";

export function WatchPage({ id }: { id: string }) {
  const live = useMemo(() => liveVideo(id), [id]);
  const title = useComputed(() => live.video.value?.title).value;
  const round = useSignal(0);
  useEffect(() => live.start(), [live, round.value]);
  useEffect(() => void (document.title = `${title || "Watch"} · Playlog`), [title]);
  const video = live.video.value;
  const problem = live.problem.value;
  useEffect(() => void ((video || problem) && ready()), [!video, !problem]);
  if (!video && problem) return <ProblemNote problem={problem} again={() => void (round.value += 1)} />;
  return (
    <div class="watch">
      <div class="watch-stage">
        {video?.playable && (video.hls || video.dash)
          ? <Player video={video} refresh={() => live.refresh()} />
          : <StageNote video={video} />}
      </div>
      {video ? <EncodeLine video={video} /> : <div class="encode" aria-hidden="true" />}
      <div class="watch-below">
        {video ? <About video={video} refresh={() => live.refresh()} /> : <div class="about about-loading" aria-hidden="true"><p /><p /></div>}
        <TimelinePanel events={live.events.value} state={video?.state ?? "uploading"} />
      </div>
    </div>
  );
}
