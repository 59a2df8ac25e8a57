/** How much a video is watched, as it happens. */

import { useSignal } from "@preact/signals";

import type { Analytics } from "../api/types.ts";
import { Choices } from "../look/choices.tsx";
import { counted, spent } from "../look/format.ts";
import { ProblemNote } from "../page/problem.tsx";
import { Chart } from "./chart.tsx";
import type { LiveNumbers } from "./live.ts";
import { HOUR, MINUTE } from "./series.ts";

type Span = "hour" | "day";

const SPANS: [Span, string][] = [["hour", "Last hour"], ["day", "Last day"]];

export function NumbersPanel({ live }: { live: LiveNumbers }) {
  const span = useSignal<Span>("hour");
  const numbers = live.numbers.value;
  const problem = live.problem.value;
  const state = numbers ? (numbers.watched_ms === 0 ? "empty" : "full") : problem ? "problem" : "loading";
  return (
    <section class="numbers" aria-labelledby="numbers-title" data-testid="numbers" data-state={state}>
      <div class="shelf-head">
        <h2 id="numbers-title">How much it is watched</h2>
        <Choices label="Time" all={SPANS} chosen={span.value} choose={(one) => void (span.value = one)} />
      </div>
      {!numbers && problem && <ProblemNote problem={problem} />}
      <dl class="numbers-facts">
        <Fact name="views" value={numbers ? counted(numbers.views, "view").split(" ")[0] ?? "" : "–"} />
        <Fact name="watched" value={numbers ? spent(numbers.watched_ms) : "–"} exact={numbers?.watched_ms} />
        <Fact name="waited" value={numbers ? spent(numbers.stalled_ms) : "–"} />
      </dl>
      {numbers ? <Line numbers={numbers} span={span.value} /> : <div class="chart" aria-busy={!problem} />}
    </section>
  );
}

function Fact({ name, value, exact }: { name: string; value: string; exact?: number | undefined }) {
  return <div><dt>{name}</dt><dd data-testid={`numbers-${name}`} data-ms={exact}>{value}</dd></div>;
}

function Line({ numbers, span }: { numbers: Analytics; span: Span }) {
  const by = span === "hour" ? numbers.minutes : numbers.hours;
  const given = by.map(({ at, watched_ms }) => ({ at, value: watched_ms / MINUTE }));
  const total = by.reduce((sum, { watched_ms }) => sum + watched_ms, 0);
  return (
    <Chart
      given={given} step={span === "hour" ? MINUTE : HOUR} count={span === "hour" ? 60 : 24} least={1}
      label={`Watched in the ${span === "hour" ? "last hour" : "last day"}: ${spent(total)} in all`}
      words={(minutes) => `${Number(minutes.toFixed(1))} min`} when={clockOf}
    />
  );
}

function clockOf(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
