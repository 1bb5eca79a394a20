/** Words for refusals that this device meets by itself: the same catalogue that the server speaks from. */
/// <reference path="../generated.d.ts" />
import type { Problem } from "./api";
import catalogue from "../generated/problems.json";
import { type Facts, t } from "./i18n";

/** One catalogue entry, as `as_json` in `app/domain/problems` writes it. */
export interface ProblemWords {
  status: number;
  title: string;
  detail: string;
  next_step: string;
}

const words: Record<string, ProblemWords> = { ...catalogue };

/** Know what only one app meets, such as the desk; its words are not loaded by the others. */
export function alsoKnow(more: Readonly<Record<string, ProblemWords>>): void {
  Object.assign(words, more);
}

/** The problem for a stable code, in the reader's language; an unknown code gets the words of `server_error`. */
export function problemFor(code: string, facts: Facts = {}): Problem {
  const found = words[code] ?? words["server_error"]!;
  return {
    type: `urn:mallrun:problem:${code}`,
    title: t(found.title, facts),
    status: found.status,
    code,
    detail: t(found.detail, facts),
    next_step: t(found.next_step, facts),
  };
}
