/** One PUT of bytes straight to the store. XMLHttpRequest, because fetch reports no upload progress. */

import { Problem } from "../api/request.ts";

/** A connection that moves no byte for this long is given up and tried again. Milliseconds. */
const STALLED_MS = 45_000;

export interface Put {
  url: string;
  body: Blob;
  sent: (bytes: number) => void;
  signal: AbortSignal;
}

/** Returns the ETag, or "" where the store does not show it to pages (CORS). Throws a `Problem`, status 0 for a broken line. */
export function put(what: Put): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (detail: string) => () => reject(new Problem(request.status, "Upload interrupted", detail, null, null));
    const watch = stallWatch(() => request.abort());
    const stop = () => request.abort();
    request.upload.onprogress = (progress) => {
      watch.moved();
      what.sent(progress.loaded);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.getResponseHeader("ETag") ?? "");
      else fail(`The store answered ${request.status}.`)();
    };
    request.onerror = fail("The connection to the store broke.");
    request.onabort = fail("The connection to the store stalled.");
    request.onloadend = () => {
      watch.stop();
      what.signal.removeEventListener("abort", stop);
    };
    request.open("PUT", what.url);
    what.signal.addEventListener("abort", stop);
    if (what.signal.aborted) return reject(what.signal.reason);
    request.send(what.body);
  });
}

function stallWatch(stalled: () => void): { moved: () => void; stop: () => void } {
  let timer = setTimeout(stalled, STALLED_MS);
  return {
    moved: () => {
      clearTimeout(timer);
      timer = setTimeout(stalled, STALLED_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
