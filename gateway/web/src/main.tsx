/** The page's start. */

import { render } from "preact";

import { App } from "./app.tsx";
import { startRouter } from "./page/router.ts";
import "./look/style.css";

startRouter();
render(<App />, document.getElementById("app") as HTMLElement);
