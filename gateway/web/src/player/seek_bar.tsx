/** Where the play head is, what is loaded, and how far the encoder has come. */

import { useSignal } from "@preact/signals";

import { clock } from "../look/format.ts";
import type { Media } from "./media.ts";
import { seek, type Stage } from "./remote.ts";

interface Props {
  media: Media;
  stage: () => Stage;
  length: number;
  frontier: number;
}

export function SeekBar({ media, stage, length, frontier }: Props) {
  const pointed = useSignal<number | null>(null);
  const share = (seconds: number) => (length > 0 ? Math.min(1, seconds / length) : 0);
  const encoded = share(frontier);
  const time = media.time.value;
  const point = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const area = event.currentTarget.getBoundingClientRect();
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
      {pointed.value !== null && (
        <span class="seek-time" aria-hidden="true">
          {clock(pointed.value * length)}{pointed.value > encoded && <small>not encoded yet</small>}
        </span>
      )}
    </div>
  );
}
