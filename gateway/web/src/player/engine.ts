/** What the player needs of hls.js, dash.js or the browser itself. */

import type { Signal } from "@preact/signals";

import type { Caption } from "../api/types.ts";

export type EngineName = "hls" | "dash";

export interface Level {
  id: string;
  height: number;
  /** Bits a second. */
  bandwidth: number;
}

/** A sound or captions in a language. */
export interface Spoken {
  id: string;
  name: string;
  /** BCP 47; null: unknown. */
  language: string | null;
}

export interface Source {
  hls: string | null;
  dash: string | null;
  captions: Caption[];
}

/** Filled by an engine as it learns; read by the controls. */
export interface Playing {
  levels: Signal<Level[]>;
  /** Level on screen; null until the first frame. */
  shown: Signal<string | null>;
  /** Level the person asked for; null for automatic. */
  asked: Signal<string | null>;
  texts: Signal<Spoken[]>;
  /** The captions on screen; null for none. */
  reading: Signal<string | null>;
  sounds: Signal<Spoken[]>;
  hearing: Signal<string | null>;
  /** What stopped playback for good. */
  failed: Signal<string | null>;
}

export interface Engine {
  choose: (level: string | null) => void;
  /** Shows captions, or none. */
  read: (text: string | null) => void;
  hear: (sound: string) => void;
  /** Its estimate of the line, kbit/s; null before there is one. */
  throughput: () => number | null;
  destroy: () => void;
}

export interface Opening {
  video: HTMLVideoElement;
  url: string;
  captions: Caption[];
  /** Seconds from the start. */
  from: number;
  playing: Playing;
  cmcd: Cmcd;
}

/** What requests for media say of the player (CTA-5004), so that a cache's log and the beacons can be put together. */
export interface Cmcd {
  /** One opening of the player. */
  sid: string;
  /** The video. */
  cid: string;
}

/** An estimate as beacons carry it. */
export function kbps(estimate: number | undefined): number | null {
  return estimate !== undefined && Number.isFinite(estimate) && estimate > 0 ? Math.round(estimate) : null;
}

/** Names a level as people do: by its shorter side's lines. */
export function levelName(level: Level): string {
  return level.height > 0 ? `${level.height}p` : `${Math.round(level.bandwidth / 1000)} kb/s`;
}

/** Names a level as the log does: 720p, or 64k of sound alone. */
export function rungOf(level: Level): string {
  return level.height > 0 ? `${level.height}p` : `${Math.round(level.bandwidth / 1000)}k`;
}

/** Highest first, each height once. */
export function ordered(levels: Level[]): Level[] {
  const best = new Map<number, Level>();
  for (const level of levels) {
    const held = best.get(level.height);
    if (!held || held.bandwidth < level.bandwidth) best.set(level.height, level);
  }
  return [...best.values()].sort((a, b) => b.height - a.height || b.bandwidth - a.bandwidth);
}
