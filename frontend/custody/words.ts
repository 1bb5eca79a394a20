/** What was checked, and what came of it, in the reader's words. No DOM. */
import { t, tn } from "../lib/i18n";
import { type Failed, type Fault, type Held, STEPS, type Step } from "./verify";

export type Outcome = "holds" | "fails" | "open";

/** One line of the list. */
export interface Line {
  text: string;
  outcome: Outcome;
}

/** The list of checks for a verdict: those before the one that fails hold, those after it were not reached. */
export function linesFor(verdict: Held | Failed | null, hasMemory: boolean): Line[] {
  const steps = STEPS.filter((step) => step !== "memory" || hasMemory);
  const failing = verdict && !verdict.holds ? steps.indexOf(verdict.step) : steps.length;
  return steps.map((step, index) => {
    const outcome = verdict === null || index > failing ? "open" : index === failing ? "fails" : "holds";
    return { text: stepText(step), outcome };
  });
}

export function outcomeText(outcome: Outcome): string {
  return { holds: t("Holds"), fails: t("Fails"), open: t("Not checked") }[outcome];
}

function stepText(step: Step): string {
  return {
    records: t("Each record is as it was written."),
    chain: t("No event is missing between them."),
    log: t("They are in the log that all deliveries share."),
    signature: t("That log is signed by the server's key."),
    memory: t("Nothing that this device saw before is gone or changed."),
  }[step];
}

/** The one line above the list. */
export function verdictText(verdict: Held | Failed): string {
  return verdict.holds ? t("Verified on this device") : faultText(verdict);
}

/** What a verdict covers, in full sentences. */
export function coverageText({ events, hidden, signed, covered, size, origin }: Held): string {
  const said = [tn("{n} event.", "{n} events.", events)];
  if (signed) said.push(tn("{n} is signed by a phone or tablet.", "{n} are signed by phones or tablets.", signed));
  if (hidden) said.push(tn("Of {n} you get the hash only: it is about the work and not about your parcels.", "Of {n} you get the hashes only: they are about the work and not about your parcels.", hidden));
  if (size === null || origin === null) said.push(t("No checkpoint covers them yet; the next one comes within a minute or so."));
  else said.push(tn("The log of {origin} has {n} event.", "The log of {origin} has {n} events.", size, { origin }));
  const waiting = events - covered;
  if (size !== null && waiting > 0) said.push(tn("{n} of yours waits for the next checkpoint.", "{n} of yours wait for the next checkpoint.", waiting));
  return said.join(" ");
}

/** Exactly what does not hold. */
export function faultText({ fault, event }: Failed): string {
  const number = event ?? 0;
  const words: Record<Fault, string> = {
    unreadable: t("This is not a proof that this page can read. Load the page again."),
    record_changed: t("The text of event {number} is not the one that was recorded.", { number }),
    other_delivery: t("Event {number} is about another delivery.", { number }),
    wrong_place: t("Event {number} does not belong in its place: an event is missing or moved.", { number }),
    statement_changed: t("What a phone or tablet signed about event {number} is not what was recorded, or its signature does not hold.", { number }),
    chain_broken: t("Event {number} does not follow from the events before it.", { number }),
    not_in_log: t("Event {number} is not in the signed log.", { number }),
    no_checkpoint: t("Event {number} claims a place in a log that nobody has signed.", { number }),
    unknown_key: t("The key that signed the log is not in the proof."),
    bad_signature: t("The signature under the log does not hold."),
    other_key: t("The log is signed by another key than when this device last looked."),
    head_gone: t("An event that this device has seen is gone or changed."),
    log_rewritten: t("The log is not the one that this device has seen: something in it was changed."),
  };
  return words[fault];
}
