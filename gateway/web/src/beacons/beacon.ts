/** A beacon: what a player saw. The gateway makes a PlaybackBeacon of it. */

export type Kind = "started" | "playing" | "stalled" | "switched" | "seeked" | "paused" | "failed" | "ended";

/** Durations in milliseconds; `at` is Unix ms by this browser's clock. */
export interface Beacon {
  sequence: number;
  kind: Kind;
  at: number;
  position_ms: number;
  advanced_ms: number;
  stalled_ms: number;
  buffer_ms: number | null;
  rendition: string | null;
  throughput_kbps: number | null;
  dropped_frames: number | null;
  cmcd_session_id: string;
  code: string | null;
}

/** What the gateway gives for one viewing of one video. */
export interface Pass {
  session_id: string;
  token: string;
  /** Unix ms. */
  expires_at: number;
  every_ms: number;
}

/** An engine's own word for what went wrong, as the log writes codes: `manifestLoadError` is `manifest_load_error`. */
export function codeOf(why: string): string {
  const words = why.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase().replace(/[^a-z0-9]+/g, "_");
  return words.replace(/^_+|_+$/g, "").slice(0, 40).replace(/_+$/, "") || "unknown";
}
