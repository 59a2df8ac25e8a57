/** Deleting one's account, asked once more, with what goes and what stays. */

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";

import { deleteAccount } from "../api/account.ts";
import { problemFrom, type Problem } from "../api/request.ts";
import { session } from "../api/session.ts";
import { say } from "../page/announce.ts";
import { ProblemNote } from "../page/problem.tsx";
import { go } from "../page/router.ts";
import { forgetHere, silence } from "./forget.ts";

export function DeleteAccountDialog({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  const problem = useSignal<Problem | null>(null);
  const sure = useSignal(false);
  const busy = useSignal(false);
  const confirmed = async (): Promise<void> => {
    busy.value = true;
    try {
      silence();
      await deleteAccount();
      dialog.current?.close();
      forgetHere();
      go("/");
      say("Your account is deleted");
    } catch (error) {
      problem.value = problemFrom(error);
    }
    busy.value = false;
  };
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="delete-account-title" onClose={() => (sure.value = false, problem.value = null)}>
      <h2 id="delete-account-title">Delete your account?</h2>
      <p>For <strong>{session.value?.subject}</strong>, this can't be undone:</p>
      <ul class="dialog-list">
        <li>Your videos are deleted.</li>
        <li>Your ratings and what you watched are forgotten.</li>
        <li>Views and minutes stay counted, as nobody's.</li>
      </ul>
      <label class="check"><input type="checkbox" checked={sure.value} onChange={(event) => void (sure.value = event.currentTarget.checked)} />I understand, delete everything of mine</label>
      {problem.value && <ProblemNote problem={problem.value} />}
      <form method="dialog" class="dialog-does">
        <button class="button" autofocus>Keep my account</button>
        <button class="button button-danger" type="button" disabled={!sure.value || busy.value} onClick={() => void confirmed()}>Delete my account</button>
      </form>
    </dialog>
  );
}
