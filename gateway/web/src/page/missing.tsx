/** An address that leads nowhere. */

import { useEffect } from "preact/hooks";

import { ready } from "./router.ts";

export function MissingPage() {
  useEffect(() => {
    document.title = "Not found · Playlog";
    ready();
  }, []);
  return (
    <section class="empty">
      <h1>There is nothing at this address</h1>
      <a class="button" href="/">Go to the library</a>
    </section>
  );
}
