/** A video's picture, which moves while one points at its card. One that is not there yet is asked for again. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { Mark } from "./icon.tsx";

const ATTEMPTS = 4;
const AGAIN_MS = 2_000;
const SETTLED_MS = 250; // a pointer that only passes moves nothing

interface Props {
  address: string | null;
  preview: string | null;
}

export function Poster({ address, preview }: Props) {
  const failures = useSignal(0);
  const shown = useSignal(true);
  useEffect(() => {
    if (shown.value || failures.value >= ATTEMPTS) return;
    const timer = setTimeout(() => void (shown.value = true), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [shown.value, failures.value]);
  const failed = () => {
    failures.value += 1;
    shown.value = false;
  };
  if (!address || !shown.value) return <Mark />;
  return (
    <>
      <img src={address} alt="" loading="lazy" decoding="async" onError={failed} />
      {preview && <Moving address={preview} />}
    </>
  );
}

/** Loaded when the card is pointed at or focused; nothing where there is none, or where motion is not wanted. */
function Moving({ address }: { address: string }) {
  const place = useRef<HTMLElement>(null);
  const wanted = useSignal(false);
  useEffect(() => {
    const card = place.current?.closest("a");
    if (!card || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const off = new AbortController();
    let timer = 0;
    const on = () => void (timer = window.setTimeout(() => void (wanted.value = true), SETTLED_MS));
    const end = () => {
      clearTimeout(timer);
      wanted.value = false;
    };
    for (const name of ["pointerenter", "focus"]) card.addEventListener(name, on, { signal: off.signal });
    for (const name of ["pointerleave", "blur"]) card.addEventListener(name, end, { signal: off.signal });
    return () => (end(), off.abort());
  }, []);
  return <i class="card-moving" ref={place}>{wanted.value && <img src={address} alt="" data-testid="preview" onError={(event) => event.currentTarget.remove()} />}</i>;
}
