/** Why another order of stops is better, in words a tired person reads once. */
import { minutes } from "../lib/format";
import { t } from "../lib/i18n";
import type { OrderProposal, Stop } from "./api";

/** Where a stop is: the store, or the street of a door. */
export function shortPlace(stop: Stop): string {
  return stop.kind === "dropoff" ? stop.delivery.street : stop.store.name;
}

/** The reason, in one sentence. */
export function reasonText({ reason, wait_s, late_saved_s }: OrderProposal, about: Stop): string {
  const place = shortPlace(about);
  if (reason === "not_ready") return t("{place} is not ready for about {span}.", { place, span: minutes(wait_s) });
  if (reason === "window") return t("{place} would be late. In the new order it is {span} less late in all.", { place, span: minutes(late_saved_s) });
  return t("The way is shorter if {place} comes first.", { place });
}

/** What it saves; empty when the time of a customer is all it saves. */
export function savedText({ saved_s }: OrderProposal): string {
  if (saved_s >= 60) return t("You are through {span} earlier.", { span: minutes(saved_s) });
  return saved_s <= -60 ? t("It takes you {span} longer; further miles are paid.", { span: minutes(-saved_s) }) : "";
}
