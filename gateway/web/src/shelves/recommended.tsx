/** What this viewer may like: on the home page for them, on a video's page as what comes next. */

import { next, recommended } from "../api/finding.ts";
import type { RecommendedCard } from "../api/types.ts";
import { useReading } from "./read.ts";
import { Shelf } from "./shelf.tsx";

const why = (video: RecommendedCard): string => video.reason.text;

/** `who`: read anew for somebody else. */
export function RecommendedShelf({ who }: { who: string }) {
  const reading = useReading(recommended, [who]);
  return (
    <Shelf
      name="recommended" title="Recommended for you" reading={reading} note={why}
      empty="Nothing to recommend yet. Watch a video or two, and this shelf fills."
    />
  );
}

export function NextShelf({ video }: { video: string }) {
  const reading = useReading((signal) => next(video, signal), [video]);
  return (
    <Shelf
      name="next" title="Next" reading={reading} note={why} narrow
      empty="Nothing follows yet: this is the only video so far."
    />
  );
}
