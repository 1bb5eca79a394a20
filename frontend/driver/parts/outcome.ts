/** What a screen does with the outcome of a step. */
import { type Signal, useSignal } from "@preact/signals";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { Outcome } from "../commands";
import { say } from "../state";

export interface OutcomeTaker {
  /** The refusal to show, or null. */
  problem: Signal<Problem | null>;
  /** Show a refusal, or say that it is done or saved. Answers true when the driver may go on. */
  take(outcome: Outcome, done?: string): boolean;
}

export function useOutcome(): OutcomeTaker {
  const problem = useSignal<Problem | null>(null);
  return {
    problem,
    take(outcome, done) {
      // Taken away first: the same refusal again is then drawn, read out and brought into sight again.
      problem.value = null;
      if (outcome.status === "refused") queueMicrotask(() => (problem.value = outcome.problem));
      if (outcome.status === "queued") say(t("Saved on this phone. It is sent when there is signal."));
      else if (outcome.status === "done" && done) say(done, "go");
      return outcome.status !== "refused";
    },
  };
}
