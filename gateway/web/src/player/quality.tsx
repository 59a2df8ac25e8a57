/** The quality menu: automatic, or one rendition. */

import { levelName, type Playing } from "./engine.ts";
import { Menu } from "./menu.tsx";

interface Props {
  playing: Playing;
  choose: (level: string | null) => void;
}

export function QualityMenu({ playing, choose }: Props) {
  const asked = playing.asked.value;
  const level = playing.levels.value.find(({ id }) => id === (asked ?? playing.shown.value));
  const text = [asked === null ? "Auto" : null, level && levelName(level)].filter(Boolean).join(" ");
  const levels = playing.levels.value.map((one) => ({ id: one.id, name: levelName(one) }));
  const choices = levels.length > 0 ? [{ id: null, name: "Auto" }, ...levels] : [];
  return <Menu label="Quality" testId="quality" icon="gear" text={text} choices={choices} chosen={asked} choose={choose} />;
}
