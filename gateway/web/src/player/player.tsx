/** The player: picture, controls, keyboard. It opens its source once and stays with it while the video grows. */

import { signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import type { Video } from "../api/types.ts";
import { Controls } from "./controls.tsx";
import { HelpDialog } from "./help.tsx";
import { mediaOf } from "./media.ts";
import { nothingPlaying } from "./open.ts";
import { Overlay } from "./overlay.tsx";
import { restoreVolume, toggle, type Stage } from "./remote.ts";
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
  const length = useMemo(() => signal(0), []);
  length.value = (video.duration_ms ?? 0) / 1000 || media.duration.value;
  const stage = useMemo<() => Stage>(() => () => ({
    video: picture.current as HTMLVideoElement,
    box: box.current as HTMLElement,
    frontier: () => frontierOf(media.seekable.peek(), length.peek()),
    length: () => length.peek(),
    help: () => help.current?.showModal(),
  }), []);
  useEffect(() => {
    const element = picture.current as HTMLVideoElement;
    restoreVolume(element);
    return media.attach(element);
  }, []);
  const source = useSource(picture, video, playing, refresh);
  useKeys(stage);
  const idle = useIdle(box, media);
  const growing = video.state === "encoding";
  return (
    <div class={`player ${idle ? "player-idle" : ""}`} ref={box}>
      <video
        data-testid="player" ref={picture} playsInline preload="auto" poster={video.poster ?? undefined}
        aria-label={video.title} onClick={() => toggle(stage().video)} onDblClick={() => box.current?.requestFullscreen?.()}
      />
      <Overlay media={media} playing={playing} stage={stage} growing={growing} again={source.again} />
      <Controls media={media} playing={playing} stage={stage} length={length.value} growing={growing} choose={source.choose} />
      <HelpDialog dialog={help} />
    </div>
  );
}

/** Seconds that can be played by now: never beyond the video, and all of it where the browser can't say. */
function frontierOf(seekable: number, length: number): number {
  if (!Number.isFinite(seekable) || seekable <= 0) return length;
  return length > 0 ? Math.min(seekable, length) : seekable;
}
