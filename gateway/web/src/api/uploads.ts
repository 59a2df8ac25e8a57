/** Commands and queries about uploads. */

import { command, query } from "./call.ts";
import type { Policy } from "./types.ts";

export interface PartUrl {
  number: number;
  url: string;
}

export interface PartTag {
  number: number;
  etag: string;
}

export interface StoredPart extends PartTag {
  size: number;
}

export interface OpenedUpload {
  video_id: string;
  upload: { kind: "put"; url: string } | { kind: "multipart"; part_size: number; part_count: number; parts: PartUrl[] };
  expires_at: number | string;
}

export interface UploadStatus {
  video_id: string;
  state: "open" | "completing" | "completed" | "aborted" | "expired" | "refused";
  reason?: string | null;
  size: number;
  kind: "put" | "multipart";
  part_size: number | null;
  part_count: number | null;
  parts: StoredPart[];
}

export interface Announcement {
  filename: string;
  size: number;
  content_type: string;
  title: string;
  /** Null: as the installation is set. */
  encoding: Policy | null;
}

/** Announces a file; the same key gives the same upload again, however often it is asked. */
export function begin(file: Announcement, key: string, signal: AbortSignal): Promise<OpenedUpload> {
  return command("POST", "/v1/uploads", { body: file, headers: { "Idempotency-Key": key }, signal });
}

export function status(id: string, signal?: AbortSignal): Promise<UploadStatus> {
  return query(pathOf(id), signal);
}

export async function urlsOf(id: string, numbers: number[], signal: AbortSignal): Promise<PartUrl[]> {
  const answer = await command<{ parts: PartUrl[] }>("POST", `${pathOf(id)}/parts`, { body: { numbers }, signal });
  return answer.parts;
}

export function report(id: string, part: StoredPart, signal: AbortSignal): Promise<unknown> {
  const body = { etag: part.etag, size: part.size };
  return command("PUT", `${pathOf(id)}/parts/${part.number}`, { body, signal });
}

export function complete(id: string, parts: PartTag[], signal: AbortSignal): Promise<unknown> {
  return command("POST", `${pathOf(id)}/complete`, { body: { parts }, signal });
}

export function abort(id: string): Promise<unknown> {
  return command("DELETE", pathOf(id));
}

function pathOf(id: string): string {
  return `/v1/uploads/${encodeURIComponent(id)}`;
}
