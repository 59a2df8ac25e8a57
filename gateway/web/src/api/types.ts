/** The gateway's bodies, as the HTTP interface in the design fixes them. Times are ISO 8601 or Unix ms; durations ms. */

export type VideoState =
  | "uploading" | "probing" | "encoding" | "published"
  | "rejected" | "failed" | "unpublished" | "deleted";

export type Visibility = "public" | "unlisted" | "private";

export interface EncodeProgress {
  segments_done: number;
  segments_total: number;
  fraction: number;
  rungs: string[];
}

export interface Rendition {
  name: string;
  width: number;
  height: number;
  codecs: string;
  bandwidth: number;
}

export interface VideoSummary {
  video_id: string;
  title: string;
  /** A pseudonym. */
  owner: string | null;
  /** Whether it belongs to the person who asks. */
  mine: boolean;
  state: VideoState;
  reason: string | null;
  playable: boolean;
  duration_ms: number | null;
  poster: string | null;
  progress: EncodeProgress | null;
  created_at: number | string | null;
  published_at: number | string | null;
  visibility: Visibility | null;
}

export interface Video extends VideoSummary {
  description: string | null;
  width: number | null;
  height: number | null;
  hls: string | null;
  dash: string | null;
  renditions: Rendition[];
}

export interface VideoPage {
  videos: VideoSummary[];
  cursor: string | null;
}

export interface Description {
  title: string;
  description: string;
  visibility: Visibility;
}

export interface LogEvent {
  type: string;
  topic: string;
  at: number;
  position: string;
  /** Position of the event that caused this one; absent for what a person did. */
  cause: string | null;
  event: Record<string, unknown>;
}

export interface UploadLimits {
  max_bytes: number;
  put_max_bytes: number;
  content_types: string[];
}

export interface Config {
  dev: boolean;
  upload: UploadLimits;
}
