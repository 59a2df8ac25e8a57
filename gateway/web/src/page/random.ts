/** Names that nobody else has. `crypto.randomUUID` is for secure pages only; a page of one's own network is none. */

/** 128 random bits in hexadecimal. */
export function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
