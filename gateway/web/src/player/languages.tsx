/** The menus of captions and of sounds; each is there when there is something to choose. */

import type { Playing, Spoken } from "./engine.ts";
import { Menu } from "./menu.tsx";

interface Props {
  playing: Playing;
  read: (text: string | null) => void;
  hear: (sound: string) => void;
}

export function LanguageMenus({ playing, read, hear }: Props) {
  const texts = playing.texts.value, sounds = playing.sounds.value;
  const reading = texts.find(({ id }) => id === playing.reading.value);
  const hearing = sounds.find(({ id }) => id === playing.hearing.value);
  return (
    <>
      {texts.length > 0 && (
        <Menu label="Captions" testId="captions" icon="captions" text={reading ? short(reading) : "Off"} chosen={playing.reading.value}
          choices={[{ id: null, name: "Off" }, ...texts.map(({ id, name }) => ({ id, name }))]} choose={read} />
      )}
      {sounds.length > 1 && (
        <Menu label="Sound" testId="sounds" icon="sound" text={hearing ? short(hearing) : ""} chosen={playing.hearing.value}
          choices={sounds.map(({ id, name }) => ({ id, name }))} choose={(id) => id !== null && hear(id)} />
      )}
    </>
  );
}

function short(spoken: Spoken): string {
  return spoken.language?.toUpperCase() ?? "On";
}
