/** How far a video that is still being encoded can be played. */

/** Seconds from the start. dash.js calls all of it seekable: then what is encoded must do. */
export function frontierOf(seekable: number, length: number, encoded: number): number {
  return seekable > 0 && seekable < length ? seekable : length * encoded;
}
