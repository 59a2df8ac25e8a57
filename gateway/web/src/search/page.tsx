/** What was found, and by what it may be narrowed. */

import { useEffect, useMemo } from "preact/hooks";

import type { Found } from "../api/types.ts";
import { Icon } from "../look/icon.tsx";
import { counted } from "../look/format.ts";
import { ProblemNote } from "../page/problem.tsx";
import { go, ready } from "../page/router.ts";
import { Filters } from "./filters.tsx";
import { Hit } from "./hit.tsx";
import { resultsOf } from "./live.ts";
import { questionOf, searchPath, type Question } from "./question.ts";

export function SearchPage({ asked }: { asked: string }) {
  const question = useMemo(() => questionOf(asked), [asked]);
  const results = useMemo(() => resultsOf(question), [question]);
  const idle = searchPath(question) === searchPath({});
  useEffect(() => {
    document.title = `${question.q || question.tag || "Search"} · Playlog`;
    if (idle) return ready();
    const off = new AbortController();
    void results.more(off.signal).then(() => !off.signal.aborted && ready());
    return () => off.abort();
  }, [results]);
  const found = results.found.value;
  const problem = results.problem.value;
  return (
    <>
      <h1 class="page-title">{titleOf(question)}</h1>
      <Filters question={question} choose={(change) => go(searchPath({ ...question, ...change }))} />
      {idle && <p class="shelf-empty">Type what you look for: words of a title, a description or a tag. A slip is forgiven.</p>}
      {found && <Hits found={found} question={question} />}
      {problem && <ProblemNote problem={problem} again={() => void results.more()} />}
      {!found && !problem && !idle && <Loading />}
      {found?.cursor && !problem && <button class="button more" disabled={results.busy.value} onClick={() => void results.more()}>Show more</button>}
    </>
  );
}

function titleOf({ q, tag }: Question): string {
  if (q !== "") return `Results for “${q}”`;
  return tag === "" ? "Search" : `Tagged “${tag}”`;
}

function Hits({ found, question }: { found: Found; question: Question }) {
  if (found.videos.length === 0) return <Nothing question={question} />;
  return (
    <>
      <p class="found-count" role="status">{counted(found.total, "video")}</p>
      <ol class="found" role="list" data-testid="found">{found.videos.map((video) => <Hit key={video.video_id} video={video} />)}</ol>
    </>
  );
}

function Nothing({ question }: { question: Question }) {
  const narrowed = searchPath({ q: question.q }) !== searchPath(question) && question.q !== "";
  return (
    <section class="empty" role="status">
      <Icon name="search" />
      <h2>Nothing found</h2>
      <p>{narrowed ? "Nothing fits both the words and the filters." : "Try other words, or fewer."}</p>
      {narrowed && <a class="button" href={searchPath({ q: question.q })}>Search without filters</a>}
    </section>
  );
}

function Loading() {
  return (
    <ol class="found" role="list" aria-busy="true" aria-label="Searching">
      {Array.from({ length: 4 }, (_, index) => (
        <li key={index} class="hit card-loading" aria-hidden="true"><div class="card-picture" /><div><p /><p /></div></li>
      ))}
    </ol>
  );
}
