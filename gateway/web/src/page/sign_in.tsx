/** A person brings a token; where the stack gives out development tokens, one click makes a guest. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { problemFrom, type Problem } from "../api/request.ts";
import { config, renew, signIn } from "../api/session.ts";
import { Mark } from "../look/icon.tsx";
import { ProblemNote } from "./problem.tsx";
import { go, ready } from "./router.ts";

export function SignIn() {
  const problem = useSignal<Problem | null>(null);
  useEffect(() => {
    document.title = "Sign in · Playlog";
    ready();
  }, []);
  const done = () => void (location.pathname === "/sign-in" && go("/"));
  const guest = () => void renew().then(done, (error: unknown) => void (problem.value = problemFrom(error)));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    try {
      signIn(String(new FormData(event.target as HTMLFormElement).get("token")));
      done();
    } catch (error) {
      problem.value = problemFrom(error);
    }
  };
  return (
    <form class="sign-in" onSubmit={submit}>
      <Mark />
      <h1>Sign in</h1>
      <label class="field">
        <span>Access token</span>
        <textarea name="token" rows={4} required spellcheck={false} autocomplete="off" />
      </label>
      {problem.value && <ProblemNote problem={problem.value} />}
      <button class="button button-solid">Sign in</button>
      {config.value?.dev && <button class="button" type="button" onClick={guest}>Go on as a guest</button>}
    </form>
  );
}
