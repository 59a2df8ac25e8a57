/** Queries that lead to videos. All throw `Problem`. */

import { query } from "./call.ts";
import type { Found, RecommendedCard, TrendingCard } from "./types.ts";
import { pathOf } from "./videos.ts";
import { visitor } from "./visitor.ts";

export type Window = "1h" | "24h";

/** Asked for, and all of it shown: what is answered counts as shown. */
const SHELF = 12;
const NEXT = 6;

export async function trending(window: Window, signal: AbortSignal): Promise<TrendingCard[]> {
  return (await query<{ videos: TrendingCard[] }>(`/v1/trending?window=${window}&limit=${SHELF}`, signal)).videos;
}

export async function recommended(signal: AbortSignal): Promise<RecommendedCard[]> {
  return (await query<{ videos: RecommendedCard[] }>(`/v1/recommendations?limit=${SHELF}&visitor=${visitor()}`, signal)).videos;
}

export async function next(video: string, signal: AbortSignal): Promise<RecommendedCard[]> {
  return (await query<{ videos: RecommendedCard[] }>(`${pathOf(video)}/next?limit=${NEXT}&visitor=${visitor()}`, signal)).videos;
}

/** `asked`: the question as the search page's address has it. */
export function search(asked: URLSearchParams, cursor: string | null, signal?: AbortSignal): Promise<Found> {
  const question = new URLSearchParams(asked);
  if (cursor) question.set("cursor", cursor);
  return query<Found>(`/v1/search?${question}`, signal);
}

export interface Title {
  title: string;
  video_id: string;
}

export async function suggest(text: string, signal: AbortSignal): Promise<Title[]> {
  return (await query<{ titles: Title[] }>(`/v1/suggest?q=${encodeURIComponent(text)}`, signal)).titles;
}
