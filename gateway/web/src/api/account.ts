/** The account of whoever is signed in. */

import { command } from "./call.ts";

/** Deletes its videos, and what leads from its name to what it did. Throws `Problem`. */
export function deleteAccount(): Promise<unknown> {
  return command("DELETE", "/v1/account");
}
