/** The page's addresses: `/` home, `/upload`, `/search?q=`, `/sign-in`, `/watch/{video_id}`. */

import { signal } from "@preact/signals";

export type Route =
  | { page: "library" } | { page: "upload" } | { page: "sign-in" } | { page: "missing" }
  | { page: "watch"; video: string }
  /** `asked`: what stands behind the question mark. */
  | { page: "search"; asked: string };

export function routeOf(address: string): Route {
  const [path = "", asked = ""] = address.split("?", 2);
  const [first, second, ...rest] = path.split("/").filter((step) => step !== "");
  if (first === undefined) return { page: "library" };
  if (first === "search" && second === undefined) return { page: "search", asked };
  if ((first === "upload" || first === "sign-in") && second === undefined) return { page: first };
  const video = second === undefined ? null : decoded(second);
  if (first === "watch" && video !== null && rest.length === 0) return { page: "watch", video };
  return { page: "missing" };
}

function decoded(step: string): string | null {
  try {
    return decodeURIComponent(step);
  } catch {
    return null; // a broken percent sign leads nowhere
  }
}

export function watchPath(video: string): string {
  return `/watch/${encodeURIComponent(video)}`;
}

export const route = signal<Route>({ page: "missing" });

/** Follows the address bar and takes plain clicks on links of our own. */
export function startRouter(): void {
  const read = () => void (route.value = routeOf(here()));
  addEventListener("popstate", read);
  document.addEventListener("click", (click) => {
    const link = (click.target as Element).closest?.("a");
    if (!link || !ours(link) || click.defaultPrevented || click.button !== 0) return;
    if (click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
    click.preventDefault();
    go(link.pathname + link.search);
  });
  read();
}

export function go(address: string): void {
  if (address !== here()) history.pushState(null, "", address);
  delete document.documentElement.dataset["ready"];
  route.value = routeOf(address);
  scrollTo(0, 0);
}

function here(): string {
  return location.pathname + location.search;
}

/** Tells tests and tools that the page shows its first data. */
export function ready(): void {
  document.documentElement.dataset["ready"] = "1";
}

function ours(link: HTMLAnchorElement): boolean {
  return link.origin === location.origin && link.target === "" && !link.hasAttribute("download") && routeOf(link.pathname).page !== "missing" && !link.hash;
}
