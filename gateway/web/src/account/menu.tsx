/** Who is signed in, and what they may do about it (ARIA menu button pattern). */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { session, signOut } from "../api/session.ts";
import { shown } from "../library/live.ts";
import { Icon } from "../look/icon.tsx";
import { onMenuKey } from "../look/menu_keys.ts";
import { say } from "../page/announce.ts";
import { go } from "../page/router.ts";
import { DeleteAccountDialog } from "./delete.tsx";

export function AccountMenu() {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open.value) root.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [open.value]);
  const close = (back: boolean) => {
    open.value = false;
    if (back) button.current?.focus();
  };
  const leave = () => {
    signOut();
    shown.value = null;
    say("Signed out");
    go("/");
  };
  if (!session.value) return <a class="button" href="/sign-in">Sign in</a>;
  return (
    <>
      <div class="account" ref={root}
        onFocusOut={(event) => !root.current?.contains(event.relatedTarget as Node | null) && close(false)}
        onKeyDown={(event) => onMenuKey(event, root.current, "menuitem", () => close(true))}>
        <button class="who" ref={button} aria-haspopup="menu" aria-expanded={open.value} aria-label={`Account: ${session.value.subject}`}
          onClick={() => void (open.value = !open.value)}>
          <Icon name="person" /><span>{session.value.subject}</span>
        </button>
        {open.value && (
          <div class="account-menu" role="menu" aria-label="Account">
            <button role="menuitem" tabIndex={-1} onClick={leave}>Sign out</button>
            <button role="menuitem" tabIndex={-1} class="button-danger" onClick={() => (close(true), dialog.current?.showModal())}>Delete my account</button>
          </div>
        )}
      </div>
      <DeleteAccountDialog dialog={dialog} />
    </>
  );
}
