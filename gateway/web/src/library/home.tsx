/** The home page: what this viewer may like, what many watch, and what they uploaded. */

import { useEffect } from "preact/hooks";

import { session } from "../api/session.ts";
import { ready } from "../page/router.ts";
import { RecommendedShelf } from "../shelves/recommended.tsx";
import { TrendingShelf } from "../shelves/trending.tsx";
import { LibraryShelf } from "./shelf.tsx";

export function HomePage() {
  const who = session.value?.subject ?? null;
  useEffect(() => {
    document.title = who ? "Library · Playlog" : "Playlog";
    if (!who) ready();
  }, [who]);
  return (
    <>
      <h1 class="unseen">Playlog</h1>
      <RecommendedShelf who={who ?? ""} />
      <TrendingShelf />
      {who && <LibraryShelf key={who} />}
    </>
  );
}
