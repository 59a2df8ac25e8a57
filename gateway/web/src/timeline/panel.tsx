/** What happened to this video, and why: its events, from the log. */

import { since } from "../look/format.ts";
import type { LogEvent, VideoState } from "../api/types.ts";
import { chainOf, type Step } from "./chain.ts";
import { sentenceOf } from "./sentences.ts";

interface Props {
  events: LogEvent[] | null;
  state: VideoState;
}

export function TimelinePanel({ events, state }: Props) {
  const steps = chainOf(events ?? []);
  const start = steps[0]?.at ?? 0;
  return (
    <section class="timeline" aria-labelledby="timeline-title" data-testid="timeline">
      <h2 id="timeline-title">What happened to this video</h2>
      {events === null && <p class="timeline-note" aria-busy="true">Reading the log</p>}
      {events !== null && steps.length === 0 && <p class="timeline-note">The log says nothing yet.</p>}
      <ol role="list">{steps.map((step) => <StepLine key={`${step.type}/${step.at}`} step={step} start={start} />)}</ol>
      {!["published", "rejected", "failed", "deleted"].includes(state) && steps.length > 0 && (
        <p class="timeline-now">Goes on</p>
      )}
    </section>
  );
}

function StepLine({ step, start }: { step: Step; start: number }) {
  const last = step.events.at(-1);
  return (
    <li class={`step step-${toneOf(step.type)}`}>
      <details>
        <summary>
          <time dateTime={new Date(step.at).toISOString()}>{since(step.at - start)}</time>
          <span class="step-what">{sentenceOf(step)}</span>
        </summary>
        <dl class="step-facts">
          <Fact name="event" value={step.events.length > 1 ? `${step.type} × ${step.events.length}` : step.type} />
          <Fact name="topic" value={step.topic} />
          {step.because && <Fact name="because of" value={step.because} />}
          {step.events.length > 1 && <Fact name="until" value={since(step.until - start)} />}
          <Fact name="position" value={last?.position ?? ""} />
        </dl>
      </details>
    </li>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return <><dt>{name}</dt><dd>{value}</dd></>;
}

function toneOf(type: string): string {
  if (/Failed|Rejected|Refused|Expired/.test(type)) return "bad";
  if (["VideoPlayable", "VideoPublished"].includes(type)) return "good";
  return "plain";
}
