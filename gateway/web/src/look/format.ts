/** Numbers and times as people read them, in the browser's language. */

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Decimal units, as operating systems and drives count them. */
export function bytes(count: number): string {
  const power = Math.min(UNITS.length - 1, count < 1 ? 0 : Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${value.toFixed(power > 0 && value < 10 ? 1 : 0)} ${UNITS[power]}`;
}

/** Seconds as 0:07, 12:34 or 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Seconds left, roughly, since an exact figure would jump about. */
export function remaining(seconds: number): string {
  if (seconds < 10) return "a few seconds left";
  if (seconds < 90) return `about ${Math.round(seconds / 10) * 10} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Math.round(seconds / 3600)} h left`;
}

/** 1,234 as it is; above that roughly: 12K, 3.4M. */
export function count(number: number): string {
  return new Intl.NumberFormat("en", number < 10_000 ? {} : { notation: "compact", maximumFractionDigits: 1 }).format(number);
}

/** "1 view", "12K views". */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** Time that adds up: 40 s, 12 min 05 s, 3 h 20 min. */
export function spent(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (part: number) => String(part).padStart(2, "0");
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${count(Math.floor(seconds / 3600))} h ${two(Math.floor(seconds / 60) % 60)} min`;
}

/** ISO 8601 or Unix ms to Unix ms; null where there is none. */
export function moment(at: number | string | null | undefined): number | null {
  const value = typeof at === "string" ? Date.parse(at) : (at ?? Number.NaN);
  return Number.isNaN(value) ? null : value;
}

const AGES: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60],
];

/** "3 minutes ago"; below a minute "just now". Both in Unix ms. */
export function ago(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  const age = AGES.find(([, length]) => seconds >= length);
  if (!age) return "just now";
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-Math.floor(seconds / age[1]), age[0]);
}

/** Time since the first event, as a log shows it: +0.42 s, +12.3 s, +3 min 05 s. */
export function since(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `+${seconds.toFixed(2)} s`;
  if (seconds < 60) return `+${seconds.toFixed(1)} s`;
  return `+${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

export function percent(fraction: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)} %`;
}
