/** A person's own videos, newest first. */

import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Mark } from "../look/icon.tsx";
import { ProblemNote } from "../page/problem.tsx";
import { ready } from "../page/router.ts";
import { Card } from "./card.tsx";
import { keepFresh, more, problem, refresh, shown, type Library } from "./live.ts";

export function LibraryShelf() {
  const loaded = useComputed(() => shown.value !== null).value;
  useEffect(keepFresh, []);
  useEffect(() => void (loaded && ready()), [loaded]);
  return (
    <section class="shelf" aria-labelledby="library-title" data-testid="shelf-library">
      <div class="shelf-head"><h2 id="library-title">Library</h2></div>
      {problem.value && <ProblemNote problem={problem.value} again={() => void refresh()} />}
      {shown.value ? <Videos library={shown.value} /> : !problem.value && <Loading />}
    </section>
  );
}

function Videos({ library }: { library: Library }) {
  const visible = library.videos.filter((video) => video.state !== "deleted");
  if (visible.length === 0) return <Empty />;
  return (
    <>
      <ul class="grid" role="list">{visible.map((video) => <Card key={video.video_id} video={video} />)}</ul>
      {library.cursor && <button class="button more" onClick={() => void more()}>Show more</button>}
    </>
  );
}

function Empty() {
  return (
    <section class="empty">
      <Mark />
      <h3>No videos yet</h3>
      <p>Drop a file anywhere on this page. It plays within seconds, while the rest is still being encoded.</p>
      <a class="button button-solid" href="/upload">Upload a video</a>
    </section>
  );
}

function Loading() {
  return (
    <ul class="grid" role="list" aria-busy="true" aria-label="Loading your videos">
      {Array.from({ length: 8 }, (_, index) => (
        <li key={index} class="card card-loading" aria-hidden="true"><div class="card-picture" /><p /><p /></li>
      ))}
    </ul>
  );
}
