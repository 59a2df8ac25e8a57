/** Which page stands at which address. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { problemFrom, type Problem } from "./api/request.ts";
import { begin, session } from "./api/session.ts";
import { HomePage } from "./library/home.tsx";
import { DropAnywhere } from "./page/drop.tsx";
import { MissingPage } from "./page/missing.tsx";
import { ProblemNote } from "./page/problem.tsx";
import { route } from "./page/router.ts";
import { Shell } from "./page/shell.tsx";
import { SearchPage } from "./search/page.tsx";
import { SignIn } from "./page/sign_in.tsx";
import { UploadPage } from "./upload/page.tsx";
import { WatchPage } from "./watch/page.tsx";

export function App() {
  const problem = useSignal<Problem | null>(null);
  const begun = useSignal(false);
  const start = () => {
    problem.value = null;
    begin().then(() => void (begun.value = true), (error: unknown) => void (problem.value = problemFrom(error)));
  };
  useEffect(start, []);
  if (problem.value) return <Shell><ProblemNote problem={problem.value} again={start} /></Shell>;
  if (!begun.value) return <Shell>{null}</Shell>;
  return <Shell>{session.value && <DropAnywhere />}<Page /></Shell>;
}

function Page() {
  const here = route.value;
  switch (here.page) {
    case "library": return <HomePage />;
    case "upload": return session.value ? <UploadPage /> : <SignIn />;
    case "sign-in": return <SignIn />;
    case "search": return <SearchPage key={here.asked} asked={here.asked} />;
    case "watch": return <WatchPage key={here.video} id={here.video} />;
    case "missing": return <MissingPage />;
  }
}
