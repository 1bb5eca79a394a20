/** How a run fits, in one line: what decides who has it. */
import { clockTime, distance } from "../lib/format";
import { t } from "../lib/i18n";
import type { Fit, LostAsk, Offer } from "./api-offers";
import { fitsText } from "./parts/vehicle";

/** "2.1 mi away · fits your car · ends before your shift". */
export function fitText(fit: Fit): string {
  const isTooLarge = fit.misfits.includes("too_large");
  const room = isTooLarge ? t("needs {litres} litres, yours takes {capacity}", { litres: fit.litres, capacity: fit.capacity_l }) : fitsText(fit.vehicle_class);
  const parts = [fit.has_block ? t("your block") : "", fit.away_m === null ? "" : awayText(fit.away_m), room, shiftText(fit)];
  return parts.filter(Boolean).join(" · ");
}

/** "2.1 mi away". */
export function awayText(metres: number): string {
  return metres < 150 ? t("you are there") : t("{distance} away", { distance: distance(metres) });
}

function shiftText({ shift_until, misfits }: Fit): string {
  if (shift_until === null) return "";
  return misfits.includes("after_shift") ? t("ends after your shift") : t("ends before your shift");
}

/** Where a run stands for one driver: `asked` and `ask` while drivers are ranked, `later` for whom it does not fit, `claim` after. */
export function stageOf({ ranked, fit }: Pick<Offer, "ranked" | "fit">, now: number): "ask" | "asked" | "later" | "claim" {
  if (!ranked || (Date.parse(ranked.until) <= now && !ranked.is_asked)) return "claim";
  if (ranked.is_asked) return "asked";
  return fit && fit.misfits.length > 0 ? "later" : "ask";
}

/** Whole seconds until an instant, never below 0. */
export function secondsUntil(iso: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(iso) - now) / 1000));
}

/** Why another driver has the run, kindly. */
export function lostText({ reason }: LostAsk): string {
  const texts: Record<LostAsk["reason"], string> = {
    block: t("Another driver has a block here and comes first."),
    nearer: t("Another driver was nearer."),
    waited: t("Another driver was as near and has waited longer."),
    gone: t("It was given away before the answer."),
  };
  return texts[reason];
}

/** "Your shift: until 9:00 pm, with a car" is said by the screen; this is its time. */
export function shiftEnd(iso: string | null | undefined, timezone: string): string {
  return iso ? t("until {time}", { time: clockTime(iso, timezone) }) : t("open end");
}
