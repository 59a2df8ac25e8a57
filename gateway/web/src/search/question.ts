/** What is searched for, as the search page's address has it. Pure. */

/** Lengths as people think of them; `min` and `max` in ms. */
export const LENGTHS = {
  any: { name: "Any length", min: null, max: null },
  short: { name: "Under 4 minutes", min: null, max: 240_000 },
  medium: { name: "4 to 20 minutes", min: 240_000, max: 1_200_000 },
  long: { name: "Over 20 minutes", min: 1_200_000, max: null },
} as const;

export type Length = keyof typeof LENGTHS;

export interface Question {
  q: string;
  length: Length;
  category: string;
  language: string;
  tag: string;
}

export function questionOf(asked: string): Question {
  const given = new URLSearchParams(asked);
  const text = (name: string) => (given.get(name) ?? "").trim();
  const length = text("length");
  return {
    q: text("q"), category: text("category"), language: text("language"), tag: text("tag"),
    length: Object.hasOwn(LENGTHS, length) ? (length as Length) : "any",
  };
}

/** The page's address; what is not asked for is left out. */
export function searchPath(question: Partial<Question>): string {
  const { length = "any", ...texts } = question;
  const given = new URLSearchParams(Object.entries(texts).filter(([, text]) => text !== ""));
  if (length !== "any") given.set("length", length);
  return `/search?${given}`;
}

/** The gateway's query for it. */
export function queryOf({ length, ...texts }: Question): URLSearchParams {
  const query = new URLSearchParams(Object.entries(texts).filter(([name, text]) => name === "q" || text !== ""));
  const { min, max } = LENGTHS[length];
  if (min !== null) query.set("min_duration_ms", String(min));
  if (max !== null) query.set("max_duration_ms", String(max));
  return query;
}
