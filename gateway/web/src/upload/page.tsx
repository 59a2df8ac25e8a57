/** Where files are chosen, and seen on their way. */

import { useEffect, useRef } from "preact/hooks";

import { config } from "../api/session.ts";
import { bytes } from "../look/format.ts";
import { Icon } from "../look/icon.tsx";
import { ready } from "../page/router.ts";
import { lookUpLost } from "./lost.ts";
import { PolicyChoice } from "./policy_choice.tsx";
import { add, uploads } from "./queue.ts";
import { Row } from "./row.tsx";

export function UploadPage() {
  useEffect(() => {
    document.title = "Upload · Playlog";
    void lookUpLost();
    ready();
  }, []);
  return (
    <>
      <h1 class="page-title">Upload</h1>
      <Choose />
      <PolicyChoice />
      {uploads.value.length > 0 && (
        <ul class="uploads" role="list" aria-label="Uploads">
          {uploads.value.map((upload) => <Row key={upload.id} upload={upload} />)}
        </ul>
      )}
    </>
  );
}

function Choose() {
  const input = useRef<HTMLInputElement>(null);
  const chosen = () => {
    add([...(input.current?.files ?? [])]);
    if (input.current) input.current.value = ""; // the same file may be chosen again
  };
  const limit = config.value?.upload.max_bytes;
  return (
    <label class="choose">
      <input class="unseen" type="file" multiple accept="video/*,.mkv,.avi,.mts,.m2ts,.ts,.mxf" data-testid="file" ref={input} onChange={chosen} />
      <Icon name="upload" />
      <span class="choose-what"><b>Choose videos</b> or drop them here</span>
      <span class="choose-note">
        {limit ? `Up to ${bytes(limit)} each. ` : ""}If the line breaks or the page closes, choose the file again and it goes on where it was.
      </span>
    </label>
  );
}
