/** One request to the gateway; its refusals become a `Problem` (RFC 9457). */

export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  /** What the person can do about it, where the gateway knows. */
  readonly mend: string | null;
  /** Seconds the gateway asks us to wait (`Retry-After`), else null. */
  readonly retryAfter: number | null;

  constructor(status: number, title: string, detail: string, mend: string | null, retryAfter: number | null) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.title = title;
    this.mend = mend;
    this.retryAfter = retryAfter;
  }
}

export interface Ask {
  method?: string;
  body?: unknown;
  /** Sent as it is, in place of a JSON body. */
  file?: Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Sends the request and returns the response, or throws a `Problem`; status 0 means the gateway was not reached. */
export async function send(path: string, ask: Ask = {}): Promise<Response> {
  const headers = new Headers(ask.headers);
  const init: RequestInit = { method: ask.method ?? "GET", headers, cache: "no-store" };
  if (ask.signal) init.signal = ask.signal;
  if (ask.body !== undefined) {
    headers.set("Content-Type", "application/json");
    init.body = JSON.stringify(ask.body);
  }
  if (ask.file) {
    headers.set("Content-Type", "application/octet-stream"); // whoever reads it knows it by its content
    init.body = ask.file;
  }
  const response = await fetch(path, init).catch((error: unknown) => {
    if (ask.signal?.aborted) throw error;
    throw new Problem(0, "No connection", "Playlog can't be reached.", "Check that it is running and that you are online.", null);
  });
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** The JSON body of a successful response; null where it has none. */
export async function bodyOf<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text === "" ? null : JSON.parse(text)) as T;
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const text = (name: string): string | null => (typeof body[name] === "string" ? body[name] : null);
  const title = text("title") ?? `Error ${response.status}`;
  const detail = text("detail")?.replace(/^body: /, "") ?? text("title") ?? `The gateway answered ${response.status}.`;
  const wait = Number(response.headers.get("Retry-After"));
  return new Problem(response.status, title, detail, text("mend"), wait > 0 ? wait : null);
}

/** Anything thrown, as a problem to show. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, "Something went wrong", error instanceof Error ? error.message : String(error), null, null);
}
