/** Statuses, evidence and proof as a clerk says them. */
import { clockTime } from "../lib/format";
import { t } from "../lib/i18n";
import type { ArrivingDriver, CancelReason, DeskDelivery } from "./api";
import type { KeptStep } from "./lists";

export type Tone = "neutral" | "go" | "warn" | "stop";

const STATUSES: Readonly<Record<string, () => [string, Tone]>> = {
  created: () => [t("To pack"), "neutral"],
  ready_for_pickup: () => [t("Ready"), "go"],
  enroute_to_pickup: () => [t("Driver is coming"), "neutral"],
  arrived_at_pickup: () => [t("Driver is here"), "go"],
  picked_up: () => [t("With the driver"), "go"],
  enroute_to_dropoff: () => [t("On the way"), "go"],
  arrived_at_dropoff: () => [t("At the door"), "go"],
  delivered: () => [t("Delivered"), "go"],
  enroute_to_return: () => [t("Coming back"), "warn"],
  arrived_at_return: () => [t("Back at the counter"), "warn"],
  returned: () => [t("Returned"), "neutral"],
  cancelled: () => [t("Cancelled"), "stop"],
  lost: () => [t("Lost"), "stop"],
};

/** The word and tone of a status; an unknown one is said as it is. */
export function statusWords(status: string): [string, Tone] {
  return STATUSES[status]?.() ?? [status, "neutral"];
}

const EVIDENCE: Readonly<Record<string, () => [short: string, meaning: string]>> = {
  E3: () => [t("Confirmed by both"), t("The driver's phone and this store's tablet say the same.")],
  E2: () => [t("Code scanned"), t("The driver scanned this store's code. The clerk's own word is missing.")],
  E1: () => [t("Labels scanned"), t("The driver scanned the labels, and nobody at the counter confirmed it.")],
  E0: () => [t("By word only"), t("A button or a typed code, without a scanned one.")],
};

/** Coming back, no code is scanned: the receiver's word is the store's. */
const EVIDENCE_OF_RETURN: Readonly<Record<string, () => [short: string, meaning: string]>> = {
  E2: () => [t("Taken back"), t("This store has said that it has the parcels. The driver's own word is missing.")],
  E0: () => [t("By word only"), t("The driver says that the parcels are back, and nobody at the counter has confirmed it.")],
};

/** How sure it is that the parcels changed hands at this counter, the last time: in a few words, and what that means. */
export function evidenceWords(level: DeskDelivery["verification"], status = ""): [short: string, meaning: string] | null {
  const words = status === "returned" ? { ...EVIDENCE, ...EVIDENCE_OF_RETURN } : EVIDENCE;
  return level === null ? null : (words[level]?.() ?? null);
}

const PROOFS: Readonly<Record<DeskDelivery["proof"], () => string>> = {
  photo: () => t("Photo at the door"),
  pin: () => t("PIN from the customer"),
  none: () => t("No proof"),
};

export function proofWords(proof: DeskDelivery["proof"]): string {
  return PROOFS[proof]();
}

const CANCEL_REASONS: Readonly<Record<CancelReason, () => string>> = {
  out_of_stock: () => t("An article is not in stock"),
  damaged: () => t("An article is damaged"),
  customer_asked: () => t("The customer asked for it"),
  no_time: () => t("We cannot have it ready in time"),
  mistake: () => t("It was entered by mistake"),
  corrected: () => t("It was entered again with a correction"),
  other: () => t("Another reason"),
};

/** Why it was cancelled; null where nobody has said, or by a reason that this release does not know. */
export function cancelWords(reason: DeskDelivery["cancel_reason"]): string | null {
  return reason ? (CANCEL_REASONS[reason]?.() ?? null) : null;
}

const STEPS: Readonly<Record<KeptStep, () => string>> = {
  pack: () => t("Packed, kept on this tablet"),
  unpack: () => t("Not packed, kept on this tablet"),
  "keep-back": () => t("Stays here, kept on this tablet"),
  cancel: () => t("Cancelled, kept on this tablet"),
  handover: () => t("Given, kept on this tablet"),
  return: () => t("Taken back, kept on this tablet"),
};

export function keptWords(step: KeptStep): string {
  return STEPS[step]();
}

/** What an unsent command does, by its path. */
export function commandWords(path: string): string {
  if (path === "/deliveries") return t("New delivery");
  if (path === "/handovers") return t("Parcels given to the driver");
  if (path.endsWith("/take-in")) return t("Parcel scanned in");
  if (path.endsWith("/shelve")) return t("Parcel put on a shelf");
  if (path === "/visits") return t("Carrier's phone scanned");
  if (path.startsWith("/visits/")) return t("Carrier's visit ended");
  if (path.endsWith("/sort")) return t("Parcel sorted");
  if (path === "/returns") return t("Parcels taken back");
  if (path.endsWith("/pack")) return t("Marked packed");
  if (path.endsWith("/unpack")) return t("Marked not packed");
  if (path.endsWith("/keep-back")) return t("Driver goes without it");
  return path.endsWith("/cancel") ? t("Delivery cancelled") : t("Step on this tablet");
}

/** Later than this is late: an estimate is good to a few minutes. */
const LATE_AFTER_MS = 5 * 60_000;

/** "is here", "arrives about 2:10 pm", "was expected at 2:10 pm" or "is on the way". `now` in milliseconds. */
export function arrivalWords(run: Pick<ArrivingDriver, "arrived_at" | "eta_at">, now: number, timezone: string): [string, Tone] {
  if (run.arrived_at) return [t("is here since {time}", { time: clockTime(run.arrived_at, timezone) }), "go"];
  if (!run.eta_at) return [t("is on the way"), "neutral"];
  const time = clockTime(run.eta_at, timezone);
  const isLate = now - Date.parse(run.eta_at) > LATE_AFTER_MS;
  return isLate ? [t("was expected at {time}", { time }), "warn"] : [t("arrives about {time}", { time }), "neutral"];
}
