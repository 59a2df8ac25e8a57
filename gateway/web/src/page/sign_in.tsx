/** Where the stack gives out no development tokens: a person brings one. */

import { useSignal } from "@preact/signals";

import { problemFrom, type Problem } from "../api/request.ts";
import { signIn } from "../api/session.ts";
import { Mark } from "../look/icon.tsx";
import { ProblemNote } from "./problem.tsx";

export function SignIn() {
  const problem = useSignal<Problem | null>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    try {
      signIn(String(new FormData(event.target as HTMLFormElement).get("token")));
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
    </form>
  );
}
