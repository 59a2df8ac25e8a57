import { defineConfig } from "vite";

/** The gateway that `npm run dev` passes API and media requests on to. */
const gateway = process.env["PLAYLOG_GATEWAY"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the gateway's content policy allows no data: scripts or fonts
    chunkSizeWarningLimit: 1000, // hls.js and dash.js are large; each loads only when it is chosen
  },
  server: { proxy: { "/v1": gateway, "/media": gateway } },
});
