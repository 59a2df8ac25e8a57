/** By what a search is narrowed. Each choice is an address of its own, so that going back undoes it. */

import { Choices } from "../look/choices.tsx";
import { Icon } from "../look/icon.tsx";
import { LENGTHS, type Length, type Question } from "./question.ts";

interface Props {
  question: Question;
  choose: (change: Partial<Question>) => void;
}

const ALL = Object.entries(LENGTHS).map(([length, { name }]): [Length, string] => [length as Length, name]);
const WORDS = ["category", "language", "tag"] as const;

export function Filters({ question, choose }: Props) {
  return (
    <div class="filters" role="group" aria-label="Filters">
      <Choices label="Length" all={ALL} chosen={question.length} choose={(length) => choose({ length })} />
      {WORDS.map((name) => <WordFilter key={name} name={name} value={question[name]} choose={(value) => choose({ [name]: value })} />)}
    </div>
  );
}

function WordFilter({ name, value, choose }: { name: string; value: string; choose: (value: string) => void }) {
  const title = name[0]?.toUpperCase() + name.slice(1);
  if (value !== "") {
    return <button class="chip" type="button" aria-label={`Remove filter ${name}: ${value}`} onClick={() => choose("")}>{title}: {value}<Icon name="cross" /></button>;
  }
  return (
    <form class="filter" onSubmit={(event) => (event.preventDefault(), choose(String(new FormData(event.currentTarget).get("word")).trim()))}>
      <input name="word" aria-label={title} placeholder={title} maxLength={60} autocomplete="off" spellcheck={false} />
    </form>
  );
}
