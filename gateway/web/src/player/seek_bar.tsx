/** Where the play head is, what is loaded, and how far the encoder has come. */

import { useSignal } from "@preact/signals";

import { clock } from "../look/format.ts";
import type { Media } from "./media.ts";
import { seek, type Stage } from "./remote.ts";
import { Scrub } from "./scrub.tsx";

interface Props {
  media: Media;
  stage: () => Stage;
  length: number;
  frontier: number;
  storyboard: string | null;
}

export function SeekBar({ media, stage, length, frontier, storyboard }: Props) {
  const pointed = useSignal<number | null>(null);
  const asked = useSignal(false); // whether anybody has pointed yet
  const share = (seconds: number) => (length > 0 ? Math.min(1, seconds / length) : 0);
  const encoded = share(frontier);
  const time = media.time.value;
  const point = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const area = event.currentTarget.getBoundingClientRect();
    asked.value = true;
    pointed.value = Math.max(0, Math.min(1, (event.clientX - area.left) / area.width));
  };
  return (
    <div
      class="seek" onPointerMove={point} onPointerLeave={() => void (pointed.value = null)}
      style={{ "--at": share(time), "--loaded": share(media.buffered.value), "--encoded": encoded, "--pointed": pointed.value ?? 0 }}
    >
      <div class="seek-track" aria-hidden="true"><i class="seek-encoded" /><i class="seek-loaded" /><i class="seek-played" /></div>
      <input
        type="range" min={0} max={Math.max(length, 0.1)} step={0.1} value={time} aria-label="Position"
        aria-valuetext={`${clock(time)} of ${clock(length)}`}
        onInput={(event) => seek(stage(), Number(event.currentTarget.value))}
      />
      <div class="seek-pointed" hidden={pointed.value === null}>
        {asked.value && <Scrub seconds={(pointed.value ?? 0) * length} encoded={(pointed.value ?? 0) <= encoded} storyboard={storyboard} />}
      </div>
    </div>
  );
}
