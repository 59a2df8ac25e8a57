/** What a person does to the video, whether by key, click or touch. Times in seconds. */

import { keep, kept } from "../page/keep.ts";
import type { Action } from "./keys.ts";

export interface Stage {
  video: HTMLVideoElement;
  /** The box that fills the screen: picture and controls. */
  box: HTMLElement;
  /** How far the video can be played by now. */
  frontier: () => number;
  /** Its whole length, known before it is encoded. */
  length: () => number;
  help: () => void;
}

export function perform(action: Action, stage: Stage): void {
  const { video } = stage;
  switch (action.do) {
    case "toggle": return toggle(video);
    case "mute": return setVolume(video, video.volume, !video.muted);
    case "louder": return setVolume(video, video.volume + action.by, false);
    case "skip": return seek(stage, video.currentTime + action.seconds);
    case "jump": return seek(stage, stage.length() * action.fraction);
    case "fullscreen": return fullscreen(stage);
    case "help": return stage.help();
  }
}

export function toggle(video: HTMLVideoElement): void {
  if (video.paused) void video.play().catch(() => undefined); // refused without a gesture: it stays paused
  else video.pause();
}

/** Goes no further than what is encoded. */
export function seek(stage: Stage, to: number): void {
  stage.video.currentTime = Math.max(0, Math.min(to, stage.frontier() - 0.1));
}

export function setVolume(video: HTMLVideoElement, volume: number, muted: boolean): void {
  video.volume = Math.max(0, Math.min(1, volume));
  video.muted = muted;
  keep("volume", { volume: video.volume, muted });
}

export function restoreVolume(video: HTMLVideoElement): void {
  const old = kept<{ volume: number; muted: boolean }>("volume");
  if (!old) return;
  video.volume = old.volume;
  video.muted = old.muted;
}

/** iPhones give full screen to the video element only. */
export function fullscreen({ box, video }: Stage): void {
  const native = (video as HTMLVideoElement & { webkitEnterFullscreen?: () => void }).webkitEnterFullscreen;
  if (document.fullscreenElement) void document.exitFullscreen();
  else if (box.requestFullscreen) void box.requestFullscreen().catch(() => undefined);
  else native?.call(video);
}
