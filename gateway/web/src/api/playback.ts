/** What a player tells the gateway. */

import type { Pass } from "../beacons/beacon.ts";
import { visitor } from "./visitor.ts";
import { command, open } from "./call.ts";
import { bodyOf } from "./request.ts";
import { pathOf } from "./videos.ts";

export interface Told {
  accepted: number;
  positions: string[];
  /** Those that will never be accepted, by their place in the array. */
  refused: { index: number; code: string; detail: string }[];
}

/** A pass for one viewing of a video. Throws `Problem`. */
export function openPlayback(video: string): Promise<Pass> {
  return command("POST", `${pathOf(video)}/playback`, { body: { visitor: visitor() } });
}

/** Confirmed beacons are in the log when this resolves. Throws `Problem`. */
export async function postBeacons(beacons: object[]): Promise<Told> {
  return bodyOf(await open("/v1/beacons", { method: "POST", body: beacons }));
}
