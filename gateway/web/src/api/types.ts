/** The gateway's bodies, as the HTTP interface in the design fixes them. Times are ISO 8601 or Unix ms; durations ms. */

export type VideoState =
  | "uploading" | "probing" | "encoding" | "published"
  | "rejected" | "failed" | "unpublished" | "deleted";

export type Visibility = "public" | "unlisted" | "private";

/** How much is made of a video. */
export type Policy = "fast" | "balanced" | "archive";

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
  /** A moving picture; as `poster`, null where there is none. */
  preview: string | null;
  progress: EncodeProgress | null;
  created_at: number | string | null;
  published_at: number | string | null;
  visibility: Visibility | null;
  views: number;
}

export interface Video extends VideoSummary {
  description: string | null;
  tags: string[];
  category: string | null;
  language: string | null;
  width: number | null;
  height: number | null;
  hls: string | null;
  dash: string | null;
  renditions: Rendition[];
  /** What was patched up in a damaged file. */
  warnings: string[];
  /** WebVTT: which part of which sheet shows when. */
  storyboard: string | null;
  /** The moments that the poster may be chosen from. */
  thumbnails: Thumbnail[];
  captions: Caption[];
  chapters: Chapter[];
  /** The chapters as WebVTT. */
  chapter_file: string | null;
  rating: Rating;
  /** 1…5; null where the person who asks has not rated it. */
  my_stars: number | null;
}

export interface Chapter {
  start_ms: number;
  end_ms: number;
  title: string;
}

export interface Caption {
  /** BCP 47; und: unknown. */
  language: string;
  label: string;
  origin: "uploaded" | "embedded";
  /** WebVTT. */
  address: string;
}

export interface Thumbnail {
  at_ms: number;
  width: number;
  height: number;
  address: string;
}

/** `mean` of 1…5; null without ratings. */
export interface Rating {
  count: number;
  mean: number | null;
}

/** A video on a shelf. */
export interface Card {
  video_id: string;
  title: string;
  owner: string;
  duration_ms: number | null;
  created_at: number;
  views: number;
  watch: string;
  poster: string | null;
  preview: string | null;
}

export interface TrendingCard extends Card {
  score: number;
  /** Distinct ones of the last day. */
  viewers: number;
}

/** Why it is shown, in words of the gateway. */
export interface Reason {
  code: string;
  text: string;
  because?: { video_id: string; title: string } | null;
}

export interface RecommendedCard extends Card {
  reason: Reason;
}

export interface FoundCard extends Card {
  score: number;
  /** What matched, as HTML: escaped, `<mark>` around the words. */
  highlight: { title?: string; description?: string };
}

export interface Found {
  videos: FoundCard[];
  total: number;
  cursor: string | null;
}

/** What is known of a video's playback; hours and minutes without any are left out. `at` is where each begins, Unix ms. */
export interface Analytics {
  video_id: string;
  views: number;
  watched_ms: number;
  stalled_ms: number;
  ratings: Rating;
  hours: { at: number; views: number; watched_ms: number }[];
  minutes: { at: number; watched_ms: number }[];
}

export interface VideoPage {
  videos: VideoSummary[];
  cursor: string | null;
}

export interface Description {
  title: string;
  description: string;
  tags: string[];
  category: string | null;
  language: string | null;
  visibility: Visibility;
  /** The thumbnail that is the poster; null: the platform chooses. */
  poster_at_ms: number | null;
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
  /** What is made of a video whose owner doesn't say. */
  encoding: Policy;
}
