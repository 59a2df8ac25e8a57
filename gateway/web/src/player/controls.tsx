/** The bar under the picture. */

import { clock } from "../look/format.ts";
import { Icon } from "../look/icon.tsx";
import type { Chapter } from "../api/types.ts";
import type { Playing } from "./engine.ts";
import { LanguageMenus } from "./languages.tsx";
import type { Media } from "./media.ts";
import { QualityMenu } from "./quality.tsx";
import { perform, setVolume, toggle, type Stage } from "./remote.ts";
import { SeekBar } from "./seek_bar.tsx";

interface Props {
  media: Media;
  playing: Playing;
  stage: () => Stage;
  /** Seconds of the whole video. */
  length: number;
  /** Seconds of it that can be played by now. */
  frontier: number;
  storyboard: string | null;
  choose: (level: string | null) => void;
  read: (text: string | null) => void;
  hear: (sound: string) => void;
  chapters: Chapter[];
}

export function Controls({ media, playing, stage, length, frontier, storyboard, choose, read, hear, chapters }: Props) {
  const play = media.ended.value ? "again" : media.paused.value ? "play" : "pause";
  const names = { play: "Play", pause: "Pause", again: "Play again" };
  return (
    <div class="controls" role="group" aria-label="Player controls">
      <SeekBar media={media} stage={stage} length={length} frontier={frontier} storyboard={storyboard} />
      <div class="controls-row">
        <button class="control" aria-label={names[play]} title={`${names[play]} (K)`} onClick={() => toggle(stage().video)}><Icon name={play} /></button>
        <Volume media={media} stage={stage} />
        <p class="controls-time"><Elapsed media={media} /> / {clock(length)}</p>
        <ChapterName media={media} chapters={chapters} />
        <span class="controls-gap" />
        <LanguageMenus playing={playing} read={read} hear={hear} />
        <QualityMenu playing={playing} choose={choose} />
        <button class="control control-keys" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={() => stage().help()}><Icon name="keys" /></button>
        <button class="control" aria-label="Full screen" title="Full screen (F)" onClick={() => perform({ do: "fullscreen" }, stage())}><Icon name="expand" /></button>
      </div>
    </div>
  );
}

/** The part of the video that plays. */
function ChapterName({ media, chapters }: { media: Media; chapters: Chapter[] }) {
  const at = media.time.value * 1000;
  const now = chapters.find(({ start_ms, end_ms }) => start_ms <= at && at < end_ms);
  return now?.title ? <p class="controls-chapter" data-testid="chapter">{now.title}</p> : null;
}

/** Apart, so that a tick of the clock redraws nothing else. */
function Elapsed({ media }: { media: Media }) {
  return <>{clock(media.time.value)}</>;
}

function Volume({ media, stage }: { media: Media; stage: () => Stage }) {
  const muted = media.muted.value;
  return (
    <div class="volume">
      <button class="control" aria-label={muted ? "Sound on" : "Sound off"} title={muted ? "Sound on (M)" : "Sound off (M)"}
        onClick={() => perform({ do: "mute" }, stage())}><Icon name={muted ? "silent" : "sound"} /></button>
      <input type="range" min={0} max={1} step={0.05} aria-label="Volume" value={muted ? 0 : media.volume.value}
        style={{ "--at": muted ? 0 : media.volume.value }}
        onInput={(event) => setVolume(stage().video, Number(event.currentTarget.value), false)} />
    </div>
  );
}
