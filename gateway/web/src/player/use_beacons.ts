/** What is watched here is told to the log. */

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Video } from "../api/types.ts";
import { tellViewings } from "../beacons/watch.ts";
import { rungOf, type Cmcd, type Playing } from "./engine.ts";

/** Stands before `useSource`: as the page goes, it tells where the play head is before the source is closed. */
export function useBeacons(
  picture: RefObject<HTMLVideoElement | null>, video: Video, playing: Playing, cmcd: Cmcd, throughput: RefObject<() => number | null>,
): void {
  const length = useRef(video.duration_ms);
  length.current = video.duration_ms;
  useEffect(() => tellViewings(video.video_id, picture.current as HTMLVideoElement, playing, () => {
    const level = playing.levels.peek().find(({ id }) => id === playing.shown.peek());
    return { duration: length.current, rendition: level ? rungOf(level) : null, throughput: throughput.current?.() ?? null, sid: cmcd.sid };
  }), []);
}
