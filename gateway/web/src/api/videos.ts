/** Queries and commands about videos. */

import { command, query } from "./call.ts";
import type { Description, LogEvent, Video, VideoPage } from "./types.ts";

export function library(cursor: string | null, signal?: AbortSignal): Promise<VideoPage> {
  const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
  return query<VideoPage>(`/v1/videos?owner=me${more}`, signal);
}

export function video(id: string, signal?: AbortSignal): Promise<Video> {
  return query<Video>(pathOf(id), signal);
}

export async function timeline(id: string, signal?: AbortSignal): Promise<LogEvent[]> {
  const found: LogEvent[] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor ? `?cursor=${encodeURIComponent(cursor)}` : "";
    const page: { events: LogEvent[]; cursor: string | null } = await query(`${pathOf(id)}/timeline${more}`, signal);
    found.push(...page.events);
    cursor = page.cursor;
  } while (cursor);
  return found;
}

export function describe(id: string, change: Partial<Description>): Promise<unknown> {
  return command("PATCH", pathOf(id), { body: change });
}

export function remove(id: string): Promise<unknown> {
  return command("DELETE", pathOf(id));
}

export function pathOf(id: string): string {
  return `/v1/videos/${encodeURIComponent(id)}`;
}
