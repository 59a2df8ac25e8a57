/** Small things the browser keeps between visits; where storage is refused they last as long as the page. */

const fallback = new Map<string, string>();
const PREFIX = "playlog.";

export function kept<T>(name: string): T | null {
  const text = read(PREFIX + name);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null; // written by something else: as good as absent
  }
}

export function keep(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  fallback.set(PREFIX + name, text);
  try {
    localStorage.setItem(PREFIX + name, text);
  } catch {
    // storage full or refused: the copy in memory serves this visit
  }
}

export function drop(name: string): void {
  fallback.delete(PREFIX + name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // nothing was stored
  }
}

/** Names of all that is kept and begins so. */
export function keptNames(start: string): string[] {
  const names = new Set(fallback.keys());
  try {
    for (let index = 0; index < localStorage.length; index += 1) names.add(localStorage.key(index) ?? "");
  } catch {
    // refused: what this visit keeps is all there is
  }
  return [...names].filter((name) => name.startsWith(PREFIX + start)).map((name) => name.slice(PREFIX.length));
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? fallback.get(key) ?? null;
  } catch {
    return fallback.get(key) ?? null;
  }
}
