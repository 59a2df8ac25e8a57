/** What stands on the stage while there is nothing to play yet, or never will be. */

import type { Video, VideoState } from "../api/types.ts";
import { Icon } from "../look/icon.tsx";

const NOTES: Record<VideoState, [title: string, note: string]> = {
  uploading: ["Waiting for the file", "It is still on its way to the store."],
  probing: ["Looking into the file", "Its streams, size and colours decide how it is encoded."],
  encoding: ["Encoding the first seconds", "The video plays here as soon as they are stored."],
  published: ["Opening the video", ""],
  rejected: ["This file can't be played", "Upload another file."],
  failed: ["The encode did not succeed", "The file is kept."],
  unpublished: ["This video has been taken off", ""],
  deleted: ["This video has been deleted", ""],
};

export function StageNote({ video }: { video: Video | null }) {
  if (!video) return <div class="stage-note" aria-busy="true"><span class="spinner" /></div>;
  const [title, note] = NOTES[video.state];
  const over = ["rejected", "failed", "unpublished", "deleted"].includes(video.state);
  return (
    <div class="stage-note" role="status">
      {over ? <Icon name="alert" /> : <span class="spinner" />}
      <p class="stage-note-title">{title}</p>
      <p>{video.reason ?? note}</p>
    </div>
  );
}
