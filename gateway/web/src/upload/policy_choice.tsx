/** Where a person says how much is to be made of the files that they choose next. */

import { config } from "../api/session.ts";
import { POLICIES, wanted } from "./policies.ts";

export function PolicyChoice() {
  const chosen = wanted.value ?? config.value?.encoding;
  return (
    <fieldset class="policies">
      <legend>How they are encoded</legend>
      {POLICIES.map(([policy, name, what]) => (
        <label key={policy}>
          <input type="radio" name="encoding" value={policy} checked={policy === chosen} onChange={() => void (wanted.value = policy)} />
          <b>{name}</b>
          <span>{what}</span>
        </label>
      ))}
      <p>H.264 always comes first, so videos play about as soon with each.</p>
    </fieldset>
  );
}
