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

function read(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? fallback.get(key) ?? null;
  } catch {
    return fallback.get(key) ?? null;
  }
}
