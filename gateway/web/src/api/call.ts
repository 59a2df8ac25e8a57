/** Requests as somebody: with their token, and reading their own writes. */

import { bodyOf, Problem, send, type Ask } from "./request.ts";
import { ended, renew, session } from "./session.ts";

/** How long after a command reads still ask for it; by then every view has long applied it. Milliseconds. */
const REMEMBER_MS = 15_000;

let written = { position: "", until: 0 };

/** A signed-in request; a token that has just run out is renewed once. Throws `Problem`. */
export async function open(path: string, ask: Ask = {}): Promise<Response> {
  if (session.value && ended(session.value)) await renew();
  try {
    return await send(path, authorised(ask));
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status !== 401 || !session.value) throw problem;
    await renew();
    return send(path, authorised(ask));
  }
}

/** A query: waits in the gateway until it shows this page's last command (`Playlog-After`), but not for ever. */
export async function query<T>(path: string, signal?: AbortSignal): Promise<T> {
  const plain: Ask = signal ? { signal } : {};
  const headers = after();
  try {
    return await bodyOf<T>(await open(path, { ...plain, headers }));
  } catch (problem) {
    const behind = problem instanceof Problem && problem.status === 503 && "Playlog-After" in headers;
    if (!behind) throw problem;
    return bodyOf<T>(await open(path, plain)); // an older answer is better than none
  }
}

/** A command; its answer's log position is remembered for the queries that follow. */
export async function command<T>(method: string, path: string, ask: Ask = {}): Promise<T> {
  const answer = await bodyOf<T & { position?: string }>(await open(path, { ...ask, method }));
  if (answer?.position) happened(answer.position);
  return answer;
}

/** The log has reached this position: queries that follow should show it. */
export function happened(position: string): void {
  written = { position, until: Date.now() + REMEMBER_MS };
}

function after(): Record<string, string> {
  return written.until > Date.now() ? { "Playlog-After": written.position } : {};
}

function authorised(ask: Ask): Ask {
  const token = session.value?.token;
  return token ? { ...ask, headers: { ...ask.headers, Authorization: `Bearer ${token}` } } : ask;
}
