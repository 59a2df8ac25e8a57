/** A button in the controls that opens a menu of alternatives, one of them chosen (ARIA menu button pattern). */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { Icon, type IconName } from "../look/icon.tsx";
import { onMenuKey } from "../look/menu_keys.ts";

export interface Choice {
  id: string | null;
  name: string;
}

interface Props {
  /** What is chosen: "Quality". */
  label: string;
  testId: string;
  icon: IconName;
  /** What is said beside the icon. */
  text: string;
  choices: Choice[];
  chosen: string | null;
  choose: (id: string | null) => void;
}

export function Menu({ label, testId, icon, text, choices, chosen, choose }: Props) {
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
  const pick = (id: string | null) => {
    choose(id);
    close(true);
  };
  return (
    <div class="quality" ref={root} data-testid={testId}
      onFocusOut={(event) => !root.current?.contains(event.relatedTarget as Node | null) && close(false)}
      onKeyDown={(event) => onMenuKey(event, root.current, "menuitemradio", () => close(true))}>
      <button class="control control-text" ref={button} aria-haspopup="menu" aria-expanded={open.value} disabled={choices.length < 2}
        aria-label={`${label}: ${text}`} title={label} onClick={() => void (open.value = !open.value)}>
        <Icon name={icon} /><span>{text}</span>
      </button>
      {open.value && (
        <div class="menu" role="menu" aria-label={label}>
          {choices.map(({ id, name }) => (
            <button key={id} role="menuitemradio" aria-checked={id === chosen} tabIndex={-1} onClick={() => pick(id)}>
              <span>{id === chosen && <Icon name="check" />}</span>{name}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
