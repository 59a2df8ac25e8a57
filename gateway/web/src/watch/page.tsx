/** The watch page: the video, what is known about it, and what happened to it. */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { ProblemNote } from "../page/problem.tsx";
import { ready } from "../page/router.ts";
import { liveNumbers } from "../numbers/live.ts";
import { NumbersPanel } from "../numbers/panel.tsx";
import { useSeen } from "../numbers/seen.ts";
import { Player } from "../player/player.tsx";
import { NextShelf } from "../shelves/recommended.tsx";
import { TimelinePanel } from "../timeline/panel.tsx";
import { About } from "./about.tsx";
import { EncodeLine } from "./encode.tsx";
import { liveVideo } from "./live.ts";
import { StageNote } from "./stage_note.tsx";

export function WatchPage({ id }: { id: string }) {
  const live = useMemo(() => liveVideo(id), [id]);
  const numbers = useMemo(() => liveNumbers(id), [id]);
  const video = live.video.value;
  const title = useComputed(() => live.video.value?.title).value;
  const round = useSignal(0);
  useEffect(() => live.start(), [live, round.value]);
  const playable = video?.playable ?? false;
  useEffect(() => (playable ? numbers.start() : undefined), [numbers, playable]);
  useEffect(() => void (document.title = `${title || "Watch"} · Playlog`), [title]);
  const main = useRef<HTMLDivElement>(null);
  useSeen(main, numbers.seen);
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
        <div class="watch-main" ref={main}>
          {video ? <About video={video} numbers={numbers.numbers.value} refresh={() => live.refresh()} /> : <div class="about about-loading" aria-hidden="true"><p /><p /></div>}
          {playable && <NumbersPanel live={numbers} />}
        </div>
        <div class="watch-side">
          {playable && <NextShelf video={id} />}
          <TimelinePanel events={live.events.value} state={video?.state ?? "uploading"} />
        </div>
      </div>
    </div>
  );
}
