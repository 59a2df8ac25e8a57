/** What a language is called. */

const NAMES = "DisplayNames" in Intl ? new Intl.DisplayNames(undefined, { type: "language", fallback: "none" }) : null;

/** A track's own title; where it has none but its tag, the language's name in the reader's language. */
export function spokenName(title: string | undefined, language: string | undefined): string {
  if (title && title !== language) return title;
  try {
    return (language && language !== "und" ? NAMES?.of(language) : undefined) ?? language ?? title ?? "Unknown";
  } catch {
    return language ?? "Unknown"; // no tag at all
  }
}
