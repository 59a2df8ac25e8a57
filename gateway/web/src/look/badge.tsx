/** A video's state in a word. */

import type { VideoState } from "../api/types.ts";

const WORDS: Record<VideoState, string> = {
  uploading: "Uploading", probing: "Checking", encoding: "Encoding", published: "Published",
  rejected: "Not accepted", failed: "Failed", unpublished: "Unpublished", deleted: "Deleted",
};

export function Badge({ state }: { state: VideoState }) {
  return <span class={`badge badge-${state}`} data-testid="state" data-state={state}>{WORDS[state] ?? state}</span>;
}
