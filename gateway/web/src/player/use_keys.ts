/** Key presses anywhere on the watch page reach the player, unless what has the focus wants them. */

import { useEffect } from "preact/hooks";

import { actionOf, wanted } from "./keys.ts";
import { perform, type Stage } from "./remote.ts";

export function useKeys(stage: () => Stage): void {
  useEffect(() => {
    const off = new AbortController();
    document.addEventListener("keydown", (press) => {
      const action = actionOf(press);
      if (!action || press.defaultPrevented || document.querySelector("dialog[open]")) return;
      const focus = press.target as HTMLElement;
      const focused = { tag: focus.tagName, type: focus.getAttribute("type"), role: focus.getAttribute("role"), editable: focus.isContentEditable };
      if (wanted(press.key, focused)) return;
      press.preventDefault();
      perform(action, stage());
    }, { signal: off.signal });
    return () => off.abort();
  }, []);
}
