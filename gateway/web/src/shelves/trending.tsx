/** What many watch just now. */

import { useSignal } from "@preact/signals";

import { trending, type Window } from "../api/finding.ts";
import type { TrendingCard } from "../api/types.ts";
import { Choices } from "../look/choices.tsx";
import { counted } from "../look/format.ts";
import { useReading } from "./read.ts";
import { Shelf } from "./shelf.tsx";

const WINDOWS: [Window, string][] = [["1h", "This hour"], ["24h", "Today"]];

export function TrendingShelf() {
  const window = useSignal<Window>("24h");
  const reading = useReading((signal) => trending(window.value, signal), [window.value]);
  return (
    <Shelf
      name="trending" title="Trending" reading={reading} note={viewers}
      empty="Nothing is trending. A video shows here once several people have watched it."
      aside={<Choices label="Trending" all={WINDOWS} chosen={window.value} choose={(one) => void (window.value = one)} />}
    />
  );
}

function viewers(video: TrendingCard): string {
  return `${counted(video.viewers, "viewer")} today`;
}
