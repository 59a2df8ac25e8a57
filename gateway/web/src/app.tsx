/** Which page stands at which address. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { problemFrom, type Problem } from "./api/request.ts";
import { begin, config, session } from "./api/session.ts";
import { LibraryPage } from "./library/page.tsx";
import { DropAnywhere } from "./page/drop.tsx";
import { MissingPage } from "./page/missing.tsx";
import { ProblemNote } from "./page/problem.tsx";
import { route } from "./page/router.ts";
import { Shell } from "./page/shell.tsx";
import { SignIn } from "./page/sign_in.tsx";
import { UploadPage } from "./upload/page.tsx";
import { WatchPage } from "./watch/page.tsx";

export function App() {
  const problem = useSignal<Problem | null>(null);
  const start = () => {
    problem.value = null;
    begin().catch((error: unknown) => void (problem.value = problemFrom(error)));
  };
  useEffect(start, []);
  if (problem.value) return <Shell><ProblemNote problem={problem.value} again={start} /></Shell>;
  if (!config.value) return <Shell>{null}</Shell>;
  if (!session.value) return config.value.dev ? <Shell>{null}</Shell> : <Shell><SignIn /></Shell>;
  return <Shell><DropAnywhere /><Page /></Shell>;
}

function Page() {
  const here = route.value;
  switch (here.page) {
    case "library": return <LibraryPage />;
    case "upload": return <UploadPage />;
    case "watch": return <WatchPage key={here.video} id={here.video} />;
    case "missing": return <MissingPage />;
  }
}
