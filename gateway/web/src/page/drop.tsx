/** Files dropped anywhere on the page are uploaded. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Icon } from "../look/icon.tsx";
import { add } from "../upload/queue.ts";
import { go } from "./router.ts";

export function DropAnywhere() {
  const over = useSignal(false);
  useEffect(() => {
    const off = new AbortController();
    const on = (name: "dragover" | "dragleave" | "drop", then: (drag: DragEvent) => void) =>
      addEventListener(name, (drag) => carriesFiles(drag) && then(drag), { signal: off.signal });
    on("dragover", (drag) => (drag.preventDefault(), (over.value = true)));
    on("dragleave", (drag) => void (over.value = drag.relatedTarget !== null));
    on("drop", (drag) => {
      drag.preventDefault();
      over.value = false;
      add(drag.dataTransfer?.files ?? []);
      go("/upload");
    });
    return () => off.abort();
  }, []);
  if (!over.value) return null;
  return <div class="drop-anywhere"><p><Icon name="upload" />Drop to upload</p></div>;
}

function carriesFiles(drag: DragEvent): boolean {
  return drag.dataTransfer?.types.includes("Files") ?? false;
}
