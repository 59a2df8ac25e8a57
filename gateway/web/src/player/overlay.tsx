/** What stands over the picture: the large play button, waiting, failure. */

import type { Playing } from "./engine.ts";
import type { Media } from "./media.ts";
import { toggle, type Stage } from "./remote.ts";
import { Icon } from "../look/icon.tsx";

interface Props {
  media: Media;
  playing: Playing;
  stage: () => Stage;
  /** Seconds encoded by now; null when all of it is. */
  frontier: number | null;
  again: () => void;
}

export function Overlay({ media, playing, stage, frontier, again }: Props) {
  if (playing.failed.value !== null) return <Failure why={playing.failed.value} again={again} />;
  if (!media.started.value && media.paused.value) {
    return (
      <button class="overlay overlay-play" aria-label="Play" onClick={() => toggle(stage().video)}>
        <span><Icon name="play" /></span>
      </button>
    );
  }
  if (!media.waiting.value || media.paused.value) return null;
  const atEdge = frontier !== null && media.time.value > frontier - 3;
  return <div class="overlay" role="status"><span class="spinner" />{atEdge && <p>Caught up with the encoder</p>}</div>;
}

function Failure({ why, again }: { why: string; again: () => void }) {
  return (
    <div class="overlay overlay-failure" role="alert">
      <Icon name="alert" />
      <p>Playback stopped.</p>
      <p class="overlay-why">{why}</p>
      <button class="button" onClick={again}>Try again</button>
    </div>
  );
}
