/** A progress bar, cut into cells where the work is done in pieces. */

import { percent } from "./format.ts";

interface Props {
  /** 0…1; null while it is not known how much there is to do. */
  fraction: number | null;
  label: string;
  text?: string;
  cells?: number;
  testid?: string;
}

/** More cells than this are thinner than the gaps between them. */
const MOST_CELLS = 60;

export function Bar({ fraction, label, text, cells = 1, testid }: Props) {
  const known = fraction !== null;
  const value = known ? Math.min(1, Math.max(0, fraction)) : 0;
  return (
    <div
      class={`bar ${known ? "" : "bar-unknown"}`}
      role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100}
      aria-valuenow={known ? Math.floor(value * 100) : undefined}
      aria-valuetext={text ?? (known ? percent(value) : "starting")}
      data-testid={testid}
      style={{ "--done": value, "--cells": Math.max(1, Math.min(MOST_CELLS, cells)) }}
    />
  );
}
