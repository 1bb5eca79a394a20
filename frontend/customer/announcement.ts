/** What a screen reader is told when the page has changed by itself, and how its words are set. No DOM. */
import type { TrackingState } from "./api";

export type Said = Pick<TrackingState, "headline" | "sentence">;

/**
 * The words for a change, or null when nothing is worth interrupting for.
 *
 * A new answer is told with its sentence, if that is new too. Positions and ages are never told: they change all the time.
 */
export function announcement(before: Said | null, after: Said): string | null {
  if (!before) return null;
  const changed = (["headline", "sentence"] as const).filter((line) => before[line] !== after[line]);
  return changed.length === 0 ? null : changed.map((line) => closed(after[line])).join(" ");
}

/**
 * A line whose times do not break over two, nor its spans where they are short: the twin of `kept_together` in
 * `app/web/times.py`. "10:00 am–12:00 pm" is too long for a phone and may break after the dash.
 */
export function keptTogether(text: string): string {
  return text.replace(/(?<=\d)\s(?=[ap]\.?\s?m)/giu, "\u00a0").replace(/(?<=\d)–/gu, "\u2060–\u2060").replace(/(?<=[\p{L}.])–/gu, "\u2060–");
}

/** A PIN in two groups, as people read six digits aloud: "123 456". */
export function groupedPin(pin: string): string {
  const half = Math.ceil(pin.length / 2);
  return pin.length > 4 ? `${pin.slice(0, half)} ${pin.slice(half)}` : pin;
}

function closed(line: string): string {
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
