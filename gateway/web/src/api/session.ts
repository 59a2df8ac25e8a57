/** Who is asking. On a development stack the page makes itself a guest; elsewhere a person brings a token. */

import { signal } from "@preact/signals";

import { drop, keep, kept } from "../page/keep.ts";
import { bodyOf, Problem, send } from "./request.ts";
import type { Config } from "./types.ts";

export interface Session {
  token: string;
  subject: string;
  /** Unix ms; null when the token does not say. */
  expires: number | null;
}

export const config = signal<Config | null>(null);
export const session = signal<Session | null>(null);

/** Loads the configuration and signs in as far as that needs no person. Throws `Problem`. */
export async function begin(): Promise<void> {
  config.value = await bodyOf<Config>(await send("/v1/config"));
  const old = kept<Session>("session");
  if (old && !ended(old)) session.value = old;
  else if (config.value.dev && !kept<boolean>("signed-out")) await renew();
}

/** Whoever comes next is a visitor without an account, until they sign in. */
export function signOut(): void {
  drop("session");
  keep("signed-out", true);
  session.value = null;
}

/** The account is deleted: nothing here leads back to its name. */
export function forgetAccount(): void {
  drop("guest");
  signOut();
}

/** A fresh token for the guest; without development tokens the person has to sign in again. */
export async function renew(): Promise<void> {
  if (!config.value?.dev) {
    drop("session");
    session.value = null;
    throw new Problem(401, "Signed out", "Your access token has expired.", "Sign in with a new one.", null);
  }
  const ask = { method: "POST", body: { subject: guest(), role: "creator" } };
  const body = await bodyOf<{ token: string; subject: string; expires_at: number | string }>(await send("/v1/dev/token", ask));
  become({ token: body.token, subject: body.subject, expires: time(body.expires_at) });
}

/** Signs in with a token from elsewhere (`playlog token` prints one). Throws when it is not a JWT. */
export function signIn(token: string): void {
  const claims = claimsOf(token.trim());
  if (!claims) throw new Problem(400, "Not a token", "This is not an access token.", "Paste the whole line that `playlog token` prints.", null);
  const expires = typeof claims["exp"] === "number" ? claims["exp"] * 1000 : null;
  become({ token: token.trim(), subject: String(claims["sub"] ?? ""), expires });
}

export function ended(one: Session): boolean {
  return one.expires !== null && one.expires < Date.now() + 30_000;
}

function become(one: Session): void {
  keep("session", one);
  drop("signed-out");
  session.value = one;
}

function guest(): string {
  const known = kept<string>("guest");
  if (known) return known;
  const letters = crypto.getRandomValues(new Uint8Array(5));
  const name = `guest-${Array.from(letters, (byte) => (byte % 36).toString(36)).join("")}`;
  keep("guest", name);
  return name;
}

function claimsOf(token: string): Record<string, unknown> | null {
  try {
    const middle = token.split(".")[1] ?? "";
    return JSON.parse(atob(middle.replaceAll("-", "+").replaceAll("_", "/"))) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** Seconds, milliseconds or ISO 8601 to Unix ms. */
function time(at: number | string): number | null {
  const value = typeof at === "number" ? at : Date.parse(at);
  if (Number.isNaN(value)) return null;
  return value < 1e11 ? value * 1000 : value;
}
