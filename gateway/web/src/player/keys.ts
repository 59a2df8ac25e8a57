/** The player's keyboard, as viewers know it from other players. */

export type Action =
  | { do: "toggle" } | { do: "mute" } | { do: "fullscreen" } | { do: "help" }
  | { do: "skip"; seconds: number }
  | { do: "jump"; fraction: number }
  | { do: "louder"; by: number };

const ACTIONS: Record<string, Action> = {
  " ": { do: "toggle" }, k: { do: "toggle" }, m: { do: "mute" }, f: { do: "fullscreen" }, "?": { do: "help" },
  j: { do: "skip", seconds: -10 }, l: { do: "skip", seconds: 10 },
  ArrowLeft: { do: "skip", seconds: -5 }, ArrowRight: { do: "skip", seconds: 5 },
  ArrowUp: { do: "louder", by: 0.1 }, ArrowDown: { do: "louder", by: -0.1 },
  Home: { do: "jump", fraction: 0 },
};

/** Shown in the help. */
export const KEYS: [keys: string[], what: string][] = [
  [["Space", "K"], "Play or pause"],
  [["J", "L"], "Back or on by 10 s"],
  [["←", "→"], "Back or on by 5 s"],
  [["↑", "↓"], "Louder or quieter"],
  [["0", "…", "9"], "Jump to that tenth"],
  [["M"], "Sound on or off"],
  [["F"], "Full screen"],
  [["?"], "This list"],
];

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** What a key press means; null when it is none of ours. */
export function actionOf(press: Press): Action | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (/^[0-9]$/.test(press.key)) return { do: "jump", fraction: Number(press.key) / 10 };
  return ACTIONS[press.key.length === 1 ? press.key.toLowerCase() : press.key] ?? null;
}

export interface Focused {
  tag: string;
  type: string | null;
  role: string | null;
  editable: boolean;
}

/** Whether the focused control wants this key for itself: text takes all, buttons Space, menus their arrows. */
export function wanted(key: string, focus: Focused): boolean {
  if (focus.editable || focus.tag === "TEXTAREA" || focus.tag === "SELECT") return true;
  if (focus.role?.startsWith("menuitem")) return key === " " || key.startsWith("Arrow") || key === "Home" || key === "End";
  if (focus.tag === "INPUT") return focus.type !== "range";
  return key === " " && ["BUTTON", "A", "SUMMARY"].includes(focus.tag);
}
