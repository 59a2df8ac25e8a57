/** What the owner of a video may want to know of the file it came from. */

import type { Video } from "../api/types.ts";
import { Icon } from "../look/icon.tsx";

export function Warnings({ video }: { video: Video }) {
  if (!video.mine || video.warnings.length === 0) return null;
  return (
    <ul class="warnings" role="list" aria-label="Warnings">
      {video.warnings.map((warning) => <li key={warning}><Icon name="alert" />{warning}</li>)}
    </ul>
  );
}
