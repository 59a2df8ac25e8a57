/** A few alternatives side by side, one of them chosen. */

interface Props<T extends string> {
  label: string;
  all: [value: T, name: string][];
  chosen: T;
  choose: (value: T) => void;
}

export function Choices<T extends string>({ label, all, chosen, choose }: Props<T>) {
  return (
    <div class="choices" role="group" aria-label={label}>
      {all.map(([value, name]) => (
        <button key={value} type="button" aria-pressed={value === chosen} onClick={() => choose(value)}>{name}</button>
      ))}
    </div>
  );
}
