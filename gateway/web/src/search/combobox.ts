/** The search box's state and keys (ARIA combobox pattern with a listbox). Pure. */

import type { Title } from "../api/finding.ts";

export interface Box {
  /** What the person typed. */
  text: string;
  titles: Title[];
  /** The suggestion that is pointed at; -1 for the text itself. */
  at: number;
  open: boolean;
}

export const EMPTY: Box = { text: "", titles: [], at: -1, open: false };

/** Old suggestions stay until there are new ones, so that the list does not flicker; they are no longer pointed at. */
export function typed(box: Box, text: string): Box {
  const blank = text.trim() === "";
  return { text, titles: blank ? [] : box.titles, at: -1, open: !blank && box.open };
}

/** Suggestions for `text`; nothing changes if the person has typed on since. */
export function suggested(box: Box, text: string, titles: Title[]): Box {
  return text === box.text ? { ...box, titles, at: -1, open: titles.length > 0 } : box;
}

export function closed(box: Box): Box {
  return { ...box, open: false, at: -1 };
}

/** The state after a key; null where the key is the text field's own. */
export function pressed(box: Box, key: string): Box | null {
  const last = box.titles.length - 1;
  if (key === "Escape") return box.open ? closed(box) : box.text === "" ? null : EMPTY;
  if (last < 0) return null;
  if (key === "ArrowDown") return { ...box, open: true, at: box.open ? (box.at === last ? -1 : box.at + 1) : 0 };
  if (key === "ArrowUp") return { ...box, open: true, at: box.open && box.at >= 0 ? box.at - 1 : last };
  return null;
}

/** What Enter leads to: the video pointed at, else the words. Null for nothing at all. */
export function chosen(box: Box): { video: string } | { words: string } | null {
  const title = box.open ? box.titles[box.at] : undefined;
  if (title) return { video: title.video_id };
  return box.text.trim() === "" ? null : { words: box.text.trim() };
}
