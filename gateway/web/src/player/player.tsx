/** The player: picture, controls, keyboard. It opens its source once and stays with it while the video grows. */

import { signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import type { Video } from "../api/types.ts";
import { randomName } from "../page/random.ts";
import { Controls } from "./controls.tsx";
import { frontierOf } from "./frontier.ts";
import { HelpDialog } from "./help.tsx";
import { mediaOf } from "./media.ts";
import { nothingPlaying } from "./open.ts";
import { Overlay } from "./overlay.tsx";
import { restoreVolume, toggle, type Stage } from "./remote.ts";
import { useBeacons } from "./use_beacons.ts";
import { useIdle } from "./idle.ts";
import { useKeys } from "./use_keys.ts";
import { useSource } from "./source.ts";

interface Props {
  video: Video;
  /** Reads the video anew, for fresh signed addresses. */
  refresh: () => Promise<void>;
}

export function Player({ video, refresh }: Props) {
  const picture = useRef<HTMLVideoElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const media = useMemo(mediaOf, []);
  const playing = useMemo(nothingPlaying, []);
  const growing = video.state === "encoding";
  const length = useMemo(() => signal(0), []);
  const frontier = useMemo(() => signal(0), []);
  length.value = (video.duration_ms ?? 0) / 1000 || media.duration.value;
  frontier.value = growing ? frontierOf(media.seekable.value, length.value, video.progress?.fraction ?? 1) : length.value;
  const stage = useMemo<() => Stage>(() => () => ({
    video: picture.current as HTMLVideoElement,
    box: box.current as HTMLElement,
    frontier: () => frontier.peek(),
    length: () => length.peek(),
    help: () => help.current?.showModal(),
  }), []);
  useEffect(() => {
    const element = picture.current as HTMLVideoElement;
    restoreVolume(element);
    return media.attach(element);
  }, []);
  const cmcd = useMemo(() => ({ sid: randomName(), cid: video.video_id }), []);
  const throughput = useRef<() => number | null>(() => null);
  useBeacons(picture, video, playing, cmcd, throughput);
  const source = useSource(picture, video, playing, cmcd, refresh);
  throughput.current = source.throughput;
  useKeys(stage);
  const idle = useIdle(box, media);
  return (
    <div class={`player ${idle ? "player-idle" : ""}`} ref={box}>
      <video
        data-testid="player" ref={picture} playsInline preload="auto" poster={video.poster ?? undefined}
        aria-label={video.title} onClick={(click) => byMouse(click) && toggle(stage().video)} onDblClick={() => box.current?.requestFullscreen?.()}
        crossOrigin="anonymous"
      >
        {video.chapter_file && <track kind="chapters" src={video.chapter_file} default />}
      </video>
      <Overlay media={media} playing={playing} stage={stage} frontier={growing ? frontier.value : null} again={source.again} />
      <Controls media={media} playing={playing} stage={stage} length={length.value} frontier={frontier.value} storyboard={video.storyboard} choose={source.choose}
        read={source.read} hear={source.hear} chapters={video.chapters} />
      <HelpDialog dialog={help} />
    </div>
  );
}

/** A tap calls the controls; only a click plays and pauses. */
function byMouse(click: MouseEvent): boolean {
  return (click as PointerEvent).pointerType !== "touch";
}
