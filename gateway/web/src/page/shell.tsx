/** What every page stands in: header, main, and the live region. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { AccountMenu } from "../account/menu.tsx";
import { config } from "../api/session.ts";
import { Icon, Mark } from "../look/icon.tsx";
import { SearchBox } from "../search/box.tsx";
import { uploads } from "../upload/queue.ts";
import { announcement } from "./announce.ts";
import { route } from "./router.ts";

export function Shell({ children }: { children: ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    // after a navigation the keyboard goes on from the new page's start
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [route.value]);
  return (
    <>
      <a class="skip" href="#main" onClick={(click) => (click.preventDefault(), main.current?.focus())}>Skip to content</a>
      <Header />
      <main id="main" class={`page page-${route.value.page}`} tabIndex={-1} ref={main}>{children}</main>
      <div class="unseen" aria-live="polite">{announcement.value}</div>
    </>
  );
}

function Header() {
  const page = route.value.page;
  const here = (name: string) => (page === name ? "page" : undefined);
  return (
    <header class="header">
      <a class="brand" href="/" aria-label="Playlog, library"><Mark /><span>playlog</span></a>
      <SearchBox />
      <nav class="nav" aria-label="Main">
        <a href="/" aria-current={here("library")}>Library</a>
        <a href="/upload" class="button button-solid" aria-current={here("upload")}><Icon name="upload" />Upload<Active /></a>
      </nav>
      {config.value ? <AccountMenu /> : <span class="who" />}
    </header>
  );
}

/** A dot while files are on their way, since uploads go on behind other pages. */
function Active() {
  const moving = uploads.value.filter((upload) => ["sending", "waiting", "finishing"].includes(upload.phase.value)).length;
  return moving > 0 ? <span class="count" title={`${moving} uploading`}>{moving}</span> : null;
}
