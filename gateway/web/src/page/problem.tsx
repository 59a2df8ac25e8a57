/** An error as a person meets it: what was wrong, and what to do. */

import type { Problem } from "../api/request.ts";
import { Icon } from "../look/icon.tsx";

interface Props {
  problem: Problem;
  again?: () => void;
  label?: string;
}

export function ProblemNote({ problem, again, label = "Try again" }: Props) {
  return (
    <div class="problem" role="alert">
      <Icon name="alert" />
      <div>
        <p class="problem-what">{problem.message}</p>
        {problem.mend && <p class="problem-mend">{problem.mend}</p>}
      </div>
      {again && <button class="button" onClick={again}>{label}</button>}
    </div>
  );
}
