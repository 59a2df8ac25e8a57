/** What a file is, and whether the gateway would take it: said before a byte is sent. */

import { Problem } from "../api/request.ts";
import type { UploadLimits } from "../api/types.ts";
import { bytes } from "../look/format.ts";

/** Containers browsers do not name themselves. */
const BY_EXTENSION: Record<string, string> = {
  mkv: "video/x-matroska", avi: "video/x-msvideo", mov: "video/quicktime", mp4: "video/mp4", m4v: "video/mp4",
  webm: "video/webm", mpg: "video/mpeg", mpeg: "video/mpeg", ts: "video/mp2t", mts: "video/mp2t", m2ts: "video/mp2t",
  "3gp": "video/3gpp", flv: "video/x-flv", wmv: "video/x-ms-wmv", ogv: "video/ogg", mxf: "application/mxf",
};

export function contentTypeOf(file: { name: string; type: string }): string {
  const extension = file.name.split(".").pop()?.toLowerCase() ?? "";
  return file.type || BY_EXTENSION[extension] || "application/octet-stream";
}

export function titleOf(name: string): string {
  const bare = name.replace(/\.[^.]{1,5}$/, "").replaceAll("_", " ").trim();
  return bare || name;
}

/** Throws a `Problem` that says what was wrong and what to do instead. */
export function admit(file: { name: string; type: string; size: number }, limits: UploadLimits): void {
  const type = contentTypeOf(file);
  if (file.size === 0) throw refusal("This file is empty.", "Choose a file with a video in it.");
  if (file.size > limits.max_bytes) {
    throw refusal(`This file is ${bytes(file.size)}; the limit is ${bytes(limits.max_bytes)}.`, "Choose a smaller file, or encode it at a lower bit rate.");
  }
  if (!limits.content_types.some((allowed) => matches(type, allowed))) {
    throw refusal(`Playlog takes no ${type} files.`, "Choose a video, such as MP4, MOV, MKV, WebM or AVI.");
  }
}

/** An allowed type may be a whole family: `video/*`. */
function matches(type: string, allowed: string): boolean {
  return allowed.endsWith("/*") ? type.startsWith(allowed.slice(0, -1)) : type === allowed;
}

function refusal(detail: string, mend: string): Problem {
  return new Problem(422, "Not accepted", detail, mend, null);
}
