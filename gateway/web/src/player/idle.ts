/** Whether the viewer just watches: controls go away after a while without a move, and come back with one. */

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

import type { Media } from "./media.ts";

const AFTER_MS = 2_500;

export function useIdle(box: RefObject<HTMLElement | null>, media: Media): boolean {
  const still = useSignal(false);
  useEffect(() => {
    const element = box.current as HTMLElement;
    const off = new AbortController();
    let timer = 0;
    const moved = () => {
      still.value = false;
      clearTimeout(timer);
      timer = setTimeout(() => void (still.value = true), AFTER_MS);
    };
    for (const name of ["pointermove", "pointerdown", "focusin"]) element.addEventListener(name, moved, { signal: off.signal });
    document.addEventListener("keydown", moved, { signal: off.signal });
    moved();
    return () => (off.abort(), clearTimeout(timer));
  }, []);
  return still.value && !media.paused.value && !media.ended.value;
}
