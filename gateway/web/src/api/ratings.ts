/** Stars for a video. Both throw `Problem`. */

import { command } from "./call.ts";
import { pathOf } from "./videos.ts";

export function rate(video: string, stars: number): Promise<unknown> {
  return command("PUT", `${pathOf(video)}/rating`, { body: { stars } });
}

export function withdraw(video: string): Promise<unknown> {
  return command("DELETE", `${pathOf(video)}/rating`);
}
