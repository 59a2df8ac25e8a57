/** The search box in the header, with suggestions as one types. */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { suggest } from "../api/finding.ts";
import { Icon } from "../look/icon.tsx";
import { say } from "../page/announce.ts";
import { go, route, watchPath } from "../page/router.ts";
import { chosen, closed, EMPTY, pressed, suggested, typed } from "./combobox.ts";
import { questionOf, searchPath } from "./question.ts";
import { Suggester } from "./suggester.ts";

const LIST = "suggestions";

export function SearchBox() {
  const box = useSignal(EMPTY);
  const field = useRef<HTMLInputElement>(null);
  const suggester = useMemo(() => new Suggester(suggest, (text, titles) => {
    box.value = suggested(box.value, text, titles);
    if (box.value.open) say(`${titles.length} suggestions`);
  }), []);
  const asked = useComputed(() => (route.value.page === "search" ? questionOf(route.value.asked).q : null)).value;
  useEffect(() => void (asked !== null && (box.value = { ...EMPTY, text: asked })), [asked]); // the address says what is searched
  useEffect(() => focusBySlash(field.current as HTMLInputElement), []);

  const onInput = (text: string) => {
    box.value = typed(box.value, text);
    suggester.ask(text);
  };
  const onKey = (press: KeyboardEvent) => {
    if (press.isComposing) return;
    const after = pressed(box.value, press.key);
    if (!after) return;
    press.preventDefault();
    box.value = after;
  };
  const leave = () => {
    suggester.stop();
    box.value = closed(box.value);
  };
  const submit = () => {
    const way = chosen(box.value);
    leave();
    if (!way) return;
    field.current?.blur();
    if ("words" in way) return go(searchPath({ q: way.words }));
    box.value = EMPTY;
    go(watchPath(way.video));
  };
  const { open, at, titles, text } = box.value;
  return (
    <form class="search" role="search" onSubmit={(event) => (event.preventDefault(), submit())} onFocusOut={leave}>
      <Icon name="search" />
      <input
        type="text" inputMode="search" name="q" ref={field} value={text} placeholder="Search" maxLength={200} aria-label="Search videos"
        role="combobox" aria-autocomplete="list" aria-expanded={open} aria-controls={LIST}
        aria-activedescendant={open && at >= 0 ? `${LIST}-${at}` : undefined}
        autocomplete="off" autocapitalize="off" spellcheck={false} enterkeyhint="search"
        onInput={(event) => onInput(event.currentTarget.value)} onKeyDown={onKey}
      />
      <ul class="suggestions" role="listbox" id={LIST} aria-label="Suggestions" hidden={!open}>
        {titles.map((title, index) => (
          <li
            key={title.video_id} id={`${LIST}-${index}`} role="option" aria-selected={index === at}
            onPointerDown={(event) => event.preventDefault()} // the field keeps the focus until the click
            onClick={() => (box.value = { ...box.value, at: index }, submit())}
          >{title.title}</li>
        ))}
      </ul>
    </form>
  );
}

/** As on other sites of videos: `/` goes to the search box. */
function focusBySlash(field: HTMLInputElement): () => void {
  const off = new AbortController();
  document.addEventListener("keydown", (press) => {
    const focus = press.target as HTMLElement;
    const writing = focus.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(focus.tagName);
    if (press.key !== "/" || writing || press.ctrlKey || press.metaKey || press.altKey || document.querySelector("dialog[open]")) return;
    press.preventDefault();
    field.select();
  }, { signal: off.signal });
  return () => off.abort();
}
