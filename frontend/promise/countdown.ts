/** The words of a promise as time goes on. */
import type { Answer } from "./answer.ts";

const MINUTE_MS = 60_000;

/** Whole minutes that are left; 0 in the last one. */
export function minutesLeft(answer: Answer, sinceMs: number): number {
  return Math.max(0, Math.floor(((answer.seconds_left ?? 0) * 1_000 - sinceMs) / MINUTE_MS));
}

/**
 * "Order within 1 h 12 min, get it today 4:00–6:00 pm"; empty when it is too late.
 *
 * @param sinceMs Since the answer came, by a clock that nobody sets.
 */
export function wordsOf(answer: Answer, sinceMs: number): string {
  const minutes = minutesLeft(answer, sinceMs);
  if (!answer.today || answer.countdown === null || minutes === 0) return "";
  const { text, hours, minutes: short } = answer.countdown;
  const time = (minutes < 60 ? short : hours)
    .replace("{hours}", String(Math.floor(minutes / 60)))
    .replace("{minutes}", String(minutes % 60));
  return text.replace("{time}", time);
}

/** A shop's language where we speak it, else English. */
export function languageOf(wanted: string | null | undefined): string {
  return /^es\b/i.test(wanted ?? "") ? "es" : "en";
}
