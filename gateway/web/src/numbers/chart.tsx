/** Watched minutes as a line over time; the number under the pointer is said beside it. */

import { useSignal } from "@preact/signals";

import { filled, pathOf, topOf, type Point } from "./series.ts";

interface Props {
  given: Point[];
  /** Between two points, ms. */
  step: number;
  count: number;
  /** What a screen reader is told instead of the line. */
  label: string;
  /** A value in words. */
  words: (value: number) => string;
  /** When a point was, in words. */
  when: (at: number) => string;
  /** The scale's end is at least this. */
  least: number;
}

export function Chart({ given, step, count, label, words, when, least }: Props) {
  const pointed = useSignal<number | null>(null);
  const points = filled(given, step, count, Date.now());
  const top = topOf(points, least);
  const line = pathOf(points, top);
  const point = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const area = event.currentTarget.getBoundingClientRect();
    pointed.value = Math.max(0, Math.min(count - 1, Math.round(((event.clientX - area.left) / area.width) * (count - 1))));
  };
  const under = pointed.value === null ? null : points[pointed.value];
  return (
    <div class="chart" onPointerMove={point} onPointerLeave={() => void (pointed.value = null)}>
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" role="img" aria-label={label} data-testid="chart" data-line={line}>
        <path class="chart-area" d={`${line}L1 1L0 1Z`} />
        <path class="chart-line" d={line} vector-effect="non-scaling-stroke" />
      </svg>
      <span class="chart-top" aria-hidden="true">{words(top)}</span>
      {under && (
        <>
          <i class="chart-dot" aria-hidden="true" style={{ "--x": (pointed.value ?? 0) / (count - 1), "--y": 1 - under.value / top }} />
          <span class="chart-point" aria-hidden="true"><b>{words(under.value)}</b> at {when(under.at)}</span>
        </>
      )}
      <p class="chart-span" aria-hidden="true"><span>{when(points[0]?.at ?? 0)}</span><span>now</span></p>
    </div>
  );
}
