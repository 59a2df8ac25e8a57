/** A shelf of videos, in its four states: being read, empty, not to be had, and full. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

import type { Card } from "../api/types.ts";
import { ProblemNote } from "../page/problem.tsx";
import { ShelfCard } from "./card.tsx";
import type { Reading } from "./read.ts";

interface Props<T extends Card> {
  name: string;
  title: string;
  reading: Reading<T>;
  /** What a person sees where nothing is on it, and what would put something there. */
  empty: string;
  /** What is said of each video, beside its facts. */
  note?: (video: T) => string | null;
  /** Stands beside the title. */
  aside?: ComponentChildren;
  /** One below the other, where there is little width. */
  narrow?: boolean;
}

export function Shelf<T extends Card>({ name, title, reading, empty, note, aside, narrow = false }: Props<T>) {
  const id = useId();
  const videos = reading.found.value;
  const problem = reading.problem.value;
  const state = videos === null ? (problem ? "problem" : "loading") : videos.length === 0 ? "empty" : "full";
  return (
    <section class={`shelf ${narrow ? "shelf-narrow" : ""}`} aria-labelledby={id} data-testid={`shelf-${name}`} data-state={state}>
      <div class="shelf-head"><h2 id={id}>{title}</h2>{aside}</div>
      {problem && <ProblemNote problem={problem} again={reading.again} />}
      {state === "loading" && <Loading title={title} />}
      {state === "empty" && !problem && <p class="shelf-empty">{empty}</p>}
      {state === "full" && (
        <ul class="shelf-row" role="list">
          {videos?.map((video) => <ShelfCard key={video.video_id} video={video} note={note?.(video) ?? null} />)}
        </ul>
      )}
    </section>
  );
}

function Loading({ title }: { title: string }) {
  return (
    <ul class="shelf-row" role="list" aria-busy="true" aria-label={`Loading: ${title}`}>
      {Array.from({ length: 6 }, (_, index) => (
        <li key={index} class="card card-loading" aria-hidden="true"><div class="card-picture" /><div><p /><p /></div></li>
      ))}
    </ul>
  );
}
