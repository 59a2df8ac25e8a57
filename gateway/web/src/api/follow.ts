/** A video's live events: one stream that reconnects where it broke off. */

import { open } from "./call.ts";
import { Problem } from "./request.ts";
import { SseParser } from "./sse.ts";
import type { LogEvent } from "./types.ts";
import { pathOf } from "./videos.ts";
import { backOff, pause } from "./retry.ts";

/** Calls `heard` for each event until the signal aborts; a lost connection is resumed by `Last-Event-ID`. */
export async function follow(id: string, heard: (event: LogEvent) => void, signal: AbortSignal): Promise<void> {
  let last: string | null = null;
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      for await (const message of stream(id, last, signal)) {
        failures = 0;
        last = message.id ?? last;
        heard(JSON.parse(message.data) as LogEvent);
      }
    } catch (error) {
      if (signal.aborted || gone(error)) return;
    }
    await pause(backOff(failures, Math.random()), signal).catch(() => undefined);
  }
}

async function* stream(id: string, last: string | null, signal: AbortSignal) {
  const headers: Record<string, string> = { Accept: "text/event-stream" };
  if (last !== null) headers["Last-Event-ID"] = last;
  const response = await open(`${pathOf(id)}/events`, { headers, signal });
  const parser = new SseParser();
  const text = new TextDecoder();
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    yield* parser.feed(text.decode(piece.value, { stream: true }));
  }
}

/** The gateway will not change its mind about this one: asking again is no use. */
function gone(error: unknown): boolean {
  return error instanceof Problem && [401, 403, 404, 410].includes(error.status);
}
