/** Server-sent events from a byte stream (WHATWG HTML 9.2.6), since EventSource can't send an Authorization header. */

export interface Message {
  id: string | null;
  event: string;
  data: string;
}

/** A parser that is fed text as it comes and hands out complete messages; comments and `retry` are passed over. */
export class SseParser {
  #rest = "";
  #id: string | null = null;
  #event = "";
  #data: string[] = [];

  feed(text: string): Message[] {
    const held = this.#rest + text;
    // a CR at the very end may be half of a CRLF: leave it for the next piece
    const whole = held.endsWith("\r") ? held.slice(0, -1) : held;
    const lines = whole.split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + held.slice(whole.length);
    return lines.map((line) => this.#line(line)).filter((message) => message !== null);
  }

  #line(line: string): Message | null {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") this.#id = value;
    if (name === "event") this.#event = value;
    if (name === "data") this.#data.push(value);
    return null;
  }

  #dispatch(): Message | null {
    const message = { id: this.#id, event: this.#event || "message", data: this.#data.join("\n") };
    const empty = this.#data.length === 0;
    this.#event = "";
    this.#data = [];
    return empty ? null : message;
  }
}
