/** What a step of the chain says, in a sentence. */

import { bytes, clock } from "../look/format.ts";
import type { Step } from "./chain.ts";

type Fields = Record<string, unknown>;
type Sentence = (fields: Fields, step: Step) => string;

const SENTENCES: Record<string, Sentence> = {
  UploadStarted: (f) => `Upload of ${text(f["filename"], "a file")} began${f["size"] ? `, ${bytes(number(f["size"]))}` : ""}`,
  PartStored: (_, step) => (step.events.length === 1 ? "The store has the file's only part so far" : `The store has ${step.events.length} parts`),
  CompletionRequested: () => "The client said that everything is sent",
  CompletionRefused: (f) => `Completion refused: ${text(f["reason"], "the store holds something else")}`,
  SourceStored: () => "The store put the parts together",
  UploadCompleted: (f) => `The file is whole${f["size"] ? `, ${bytes(number(f["size"]))}` : ""}`,
  UploadAborted: () => "The upload was cancelled",
  UploadExpired: () => "Nobody finished the upload in time",
  VideoDescribed: (f) => (f["title"] ? `Titled “${text(f["title"], "Untitled")}”` : "Described"),
  ProbeOrdered: () => "A look into the file was ordered",
  VideoProbed: probed,
  VideoRejected: (f) => `Not accepted: ${text(f["reason"], "no reason given")}`,
  EncodePlanned: () => "The encode was planned",
  EncodeStarted: started,
  SegmentStored: stored,
  VideoPlayable: () => "Playable from here on",
  ThumbnailsMade: () => "The pictures were taken",
  RenditionCompleted: (_, step) => `Complete: ${names(step, "rendition")}`,
  EncodeCompleted: () => "Everything is encoded",
  TracksAdded: (f) => `Listed as well: ${list(f["tracks"]).join(", ")}`,
  LadderTrimmed: trimmed,
  EncodeFailed: (f) => `The encode failed: ${text(f["reason"], "no reason given")}`,
  EncodeCancelled: () => "The encode was cancelled",
  TaskFailed: (f) => `A task failed (attempt ${number(f["attempt"])}): ${text(f["error"], "no reason given")}`,
  VideoPublished: () => "Published",
  VideoFailed: (f) => `Failed: ${text(f["reason"], "no reason given")}`,
  VideoUnpublished: () => "Taken off",
  VideoDeleted: () => "Deleted",
  CaptionAdded: (f) => (f["origin"] === "uploaded" ? "Captions were added" : "The file's captions were taken out"),
  CaptionRemoved: () => "Captions were removed",
};

/** A kind of event this page does not know yet is told by its name: EdgeWarmed, "Edge warmed". */
export function sentenceOf(step: Step): string {
  const fields = (step.events.at(-1)?.event ?? {}) as Fields;
  const known = SENTENCES[step.type];
  if (known) return known(fields, step);
  const words = step.type.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1) + (step.events.length > 1 ? `, ${step.events.length} times` : "");
}

function probed(fields: Fields): string {
  const video = (fields["video"] ?? {}) as Fields;
  const size = video["display_width"] ? `${number(video["display_width"])} × ${number(video["display_height"])}` : null;
  const length = fields["duration_ms"] ? clock(number(fields["duration_ms"]) / 1000) : null;
  const found = [size, text(video["codec"], ""), length].filter(Boolean).join(", ");
  return found ? `Looked into the file: ${found}` : "Looked into the file";
}

function started(fields: Fields): string {
  const rungs = Array.isArray(fields["rungs"]) ? (fields["rungs"] as Fields[]).map((rung) => text(rung["name"] ?? rung, "")) : [];
  return rungs.length > 0 ? `Encoding began: ${rungs.join(", ")}` : "Encoding began";
}

function stored(_: Fields, step: Step): string {
  const count = step.events.length;
  return `${count} ${count === 1 ? "segment" : "segments"} stored: ${names(step, "rendition")}`;
}

function trimmed(fields: Fields): string {
  const dropped = list(fields["dropped"]);
  if (dropped.length === 0) return "Every size is worth its bits";
  return `Left out, as they bring too little: ${dropped.join(", ")} (${number(fields["saved_kbps"])} kb/s saved)`;
}

function names(step: Step, field: string): string {
  const found = new Set(step.events.map((event) => text(event.event[field], "")));
  return [...found].filter(Boolean).sort((a, b) => a.localeCompare(b, "en", { numeric: true })).join(", ");
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map((one) => text(one, "")) : [];
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
