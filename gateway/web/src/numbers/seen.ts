/** Whether an element is on the screen, or nearly. */

import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

const NEARLY = "200px";

/** Keeps `seen` right while the element is there. */
export function useSeen(element: RefObject<HTMLElement | null>, seen: Signal<boolean>): void {
  const there = element.current;
  useEffect(() => {
    if (!element.current) return;
    const watcher = new IntersectionObserver(([entry]) => void (seen.value = entry?.isIntersecting ?? false), { rootMargin: NEARLY });
    watcher.observe(element.current);
    return () => watcher.disconnect();
  }, [there, seen]);
}
