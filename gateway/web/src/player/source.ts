/** Keeps the `<video>` fed: opens the source, opens it anew for another engine or after a failure, where it was. */

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Video } from "../api/types.ts";
import type { Cmcd, Engine, Opening, Playing } from "./engine.ts";
import { engineName, openSource } from "./open.ts";

/** A signed address may run out while somebody watches: so many fresh ones are tried by themselves. */
const RENEWALS = 2;

export function useSource(picture: RefObject<HTMLVideoElement | null>, video: Video, playing: Playing, cmcd: Cmcd, refresh: () => Promise<void>) {
  const attempt = useSignal(0);
  const engine = useRef<Engine | null>(null);
  const latest = useRef(video);
  const place = useRef({ time: 0, going: true, renewals: 0 });
  latest.current = video;

  useEffect(() => {
    const element = picture.current as HTMLVideoElement;
    const stop = open({ video: element, from: place.current.time, playing, cmcd }, () => latest.current, (opened) => void (engine.current = opened));
    if (place.current.going) startWhenReady(element);
    return () => {
      place.current.going = !element.paused || element.currentTime === 0;
      place.current.time = element.ended ? 0 : element.currentTime || place.current.time;
      engine.current = null;
      stop();
    };
  }, [engineName.value, attempt.value]);

  const again = () => void refresh().then(() => void (attempt.value += 1));
  const failed = playing.failed.value;
  useEffect(() => {
    if (failed === null || place.current.renewals >= RENEWALS) return;
    place.current.renewals += 1;
    again();
  }, [failed]);

  const choose = (level: string | null) => {
    playing.asked.value = level;
    engine.current?.choose(level);
  };
  const read = (text: string | null) => engine.current?.read(text);
  const hear = (sound: string) => engine.current?.hear(sound);
  return { again, choose, read, hear, throughput: () => engine.current?.throughput() ?? null };
}

function open(how: Omit<Opening, "url" | "captions">, video: () => Video, opened: (engine: Engine) => void): () => void {
  const { playing } = how;
  let gone = false;
  let engine: Engine | null = null;
  playing.failed.value = null;
  playing.levels.value = [];
  playing.shown.value = null;
  playing.asked.value = null;
  playing.texts.value = playing.sounds.value = [];
  playing.reading.value = playing.hearing.value = null;
  openSource(engineName.value, video(), how).then(
    (one) => {
      engine = one;
      if (gone) one.destroy();
      else opened(one);
    },
    (error: unknown) => void (playing.failed.value = error instanceof Error ? error.message : String(error)),
  );
  return () => {
    gone = true;
    engine?.destroy();
  };
}

/** Browsers refuse to start with sound before a gesture: then the play button waits. */
function startWhenReady(element: HTMLVideoElement): void {
  element.addEventListener("canplay", () => void element.play().catch(() => undefined), { once: true });
}
