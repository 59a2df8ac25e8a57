/** The page's start. */

import { render } from "preact";

import { App } from "./app.tsx";
import { sendLeft } from "./beacons/left.ts";
import { startRouter } from "./page/router.ts";
import "./look/style.css";

startRouter();
sendLeft();
render(<App />, document.getElementById("app") as HTMLElement);
