/** The quality menu: automatic, or one rendition (ARIA menu button pattern). */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { Icon } from "../look/icon.tsx";
import { onMenuKey } from "../look/menu_keys.ts";
import { levelName, type Playing } from "./engine.ts";

interface Props {
  playing: Playing;
  choose: (level: string | null) => void;
}

export function QualityMenu({ playing, choose }: Props) {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open.value) root.current?.querySelector<HTMLElement>("[aria-checked=true]")?.focus();
  }, [open.value]);
  const close = (back: boolean) => {
    open.value = false;
    if (back) button.current?.focus();
  };
  const pick = (level: string | null) => {
    choose(level);
    close(true);
  };
  const asked = playing.asked.value;
  const level = playing.levels.value.find(({ id }) => id === (asked ?? playing.shown.value));
  const name = [asked === null ? "Auto" : null, level && levelName(level)].filter(Boolean).join(" ");
  return (
    <div class="quality" ref={root} data-testid="quality"
      onFocusOut={(event) => !root.current?.contains(event.relatedTarget as Node | null) && close(false)}
      onKeyDown={(event) => onMenuKey(event, root.current, "menuitemradio", () => close(true))}>
      <button class="control control-text" ref={button} aria-haspopup="menu" aria-expanded={open.value} disabled={playing.levels.value.length === 0}
        aria-label={`Quality: ${name}`} title="Quality" onClick={() => void (open.value = !open.value)}>
        <Icon name="gear" /><span>{name}</span>
      </button>
      {open.value && (
        <div class="menu" role="menu" aria-label="Quality">
          <Choice name="Auto" checked={asked === null} pick={() => pick(null)} />
          {playing.levels.value.map((level) => (
            <Choice key={level.id} name={levelName(level)} checked={asked === level.id} pick={() => pick(level.id)} />
          ))}
        </div>
      )}
    </div>
  );
}

function Choice({ name, checked, pick }: { name: string; checked: boolean; pick: () => void }) {
  return (
    <button role="menuitemradio" aria-checked={checked} tabIndex={-1} onClick={pick}>
      <span>{checked && <Icon name="check" />}</span>{name}
    </button>
  );
}
