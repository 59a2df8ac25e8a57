/** A video's picture. One that is not there yet is asked for again; until then the mark stands in its place. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Mark } from "./icon.tsx";

const ATTEMPTS = 4;
const AGAIN_MS = 2_000;

export function Poster({ address }: { address: string | null }) {
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
  return <img src={address} alt="" loading="lazy" decoding="async" onError={failed} />;
}
