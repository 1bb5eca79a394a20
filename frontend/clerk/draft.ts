/** A new delivery while it is typed: its fields, what is missing, and the command it becomes. */
import type { Draft } from "../lib/outbox";
import { t } from "../lib/i18n";
import type { PlaceDelivery, PlaceHit } from "./api";
import { nextInstant, soonest, type Span, windowByHand } from "./store-time";

/** Fields that stand in the form as they are sent. */
type AsSent =
  | "merchant_ref" | "recipient_name" | "phone" | "street" | "unit" | "city" | "postal_code" | "parcel_count" | "instructions" | "leave_at_door" | "proof"
  | "carrier_ref";

export interface DeliveryDraft extends Pick<PlaceDelivery, AsSent> {
  /** Null until an address was chosen or the pin was moved. */
  point: { lat: number; lon: number } | null;
  /** The suggested street that the point came with; empty for one that was set by hand. */
  point_street: string;
  /** Room that each parcel needs, in litres: one of `SIZES_L`. */
  parcel_litres: number;
  /** Minutes from now, or "at" for `ready_time`. */
  ready: "0" | "20" | "45" | "at";
  ready_time: string;
  /** "soon", the beginning of an offered window, or "hand". */
  window: string;
  window_until: string;
  hand: { day: 0 | 1; from: string; until: string };
  /** As typed, in the store's currency. */
  value: string;
}

/** Where an order goes, as it stands in the form. */
export type DoorDraft = Pick<DeliveryDraft, "street" | "unit" | "city" | "postal_code" | "point" | "point_street">;

/** Longest texts, in characters, as the server takes them. */
export const LIMITS = {
  merchant_ref: 200, recipient_name: 120, phone: 31, street: 200, unit: 200, city: 200, postal_code: 12, instructions: 500, carrier_ref: 200,
} as const;
export const MOST_PARCELS = 20;
/** Sizes of a parcel to choose from; the second is what the server takes where nobody says. */
export const SIZES_L = [10, 25, 80, 300, 1000] as const;
const USUAL_L = SIZES_L[1];
const PHONE = /^\+?[0-9 ().-]{5,30}$/;

/** Field → what is wrong with it. Fields are those of the form: `point`, `ready` and `window` stand for several. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Which error a field's change takes away; fields without an entry have errors under their own name. */
const ERROR_OF: Readonly<Record<string, string>> = { ready_time: "ready", window_until: "window", hand: "window" };

/** The errors that are left once these fields have changed. */
export function withoutErrorsOf(errors: FieldErrors, change: Partial<DeliveryDraft>): FieldErrors {
  const changed = new Set(Object.keys(change).map((name) => ERROR_OF[name] ?? name));
  return Object.fromEntries(Object.entries(errors).filter(([name]) => !changed.has(name)));
}

/** What changes when a suggested address is taken over. */
export function placeChange({ street, city, postal_code, lat, lon }: PlaceHit): Partial<DoorDraft> {
  return { street, city, postal_code, point: { lat, lon }, point_street: street };
}

/** What changes when the street is typed. The point of another address goes: it would send the driver there. */
export function streetChange({ point_street }: Pick<DoorDraft, "point_street">, street: string): Partial<DoorDraft> {
  const isStill = street.trim().toLowerCase().startsWith(point_street.toLowerCase());
  return isStill ? { street } : { street, point: null, point_street: "" };
}

export function emptyDoor(): DoorDraft {
  return { street: "", unit: "", city: "", postal_code: "", point: null, point_street: "" };
}

export function emptyDraft(): DeliveryDraft {
  return {
    ...emptyDoor(),
    merchant_ref: "", recipient_name: "", phone: "",
    parcel_count: 1, parcel_litres: USUAL_L, ready: "20", ready_time: "", window: "soon", window_until: "", hand: { day: 0, from: "", until: "" },
    instructions: "", leave_at_door: false, proof: "photo", value: "", carrier_ref: "",
  };
}

/** When the parcels are ready, in milliseconds; null when the time is missing. */
export function readyAt(draft: DeliveryDraft, now: number, timezone: string): number | null {
  return draft.ready === "at" ? nextInstant(draft.ready_time, now, timezone) : now + Number(draft.ready) * 60_000;
}

/** The chosen window; null when it is incomplete. */
export function windowOf(draft: DeliveryDraft, now: number, timezone: string): Span | null {
  if (draft.window === "soon") return soonest(readyAt(draft, now, timezone) ?? now);
  if (draft.window !== "hand") return { from: draft.window, until: draft.window_until };
  return windowByHand(draft.hand.day, draft.hand.from, draft.hand.until, now, timezone);
}

/** Groups of three digits behind a separator, and a decimal part of one or two: "1,234.50", "1.234,5", "1234". */
const AMOUNT = /^(\d{1,3}(?:([.,])\d{3})*|\d{1,7})(?:([.,])(\d{0,2}))?$/;

/** Minor units for "12.40", "12,40" or "1,234.50"; null for nothing, undefined when it is no amount. */
export function minorUnits(value: string, currency: string): number | null | undefined {
  const text = value.trim().replace(/[^\d.,]/g, "");
  if (value.trim() === "") return null;
  const [, whole, group, point, fraction] = AMOUNT.exec(text) ?? [];
  const major = (whole ?? "").replace(/[.,]/g, "");
  const isMixed = whole !== undefined && /,/.test(whole) && /\./.test(whole);
  if (whole === undefined || isMixed || major.length > 7 || (group !== undefined && group === point)) return undefined;
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return Math.round(Number(`${major}.${fraction || 0}`) * 10 ** digits);
}

/** What is missing of an address; empty when all is there. */
export function doorErrors(door: DoorDraft): FieldErrors {
  const errors: Record<string, string> = {};
  if (!door.street.trim()) errors.street = t("Enter the street and house number.");
  if (!door.city.trim()) errors.city = t("Enter the city.");
  if (door.postal_code.trim().length < 2) errors.postal_code = t("Enter the ZIP code.");
  if (!door.point) errors.point = t("Choose a suggested address, or tap the door on the map.");
  return errors;
}

/** What must be put right before sending; empty when all is well. The server checks again. */
export function draftErrors(draft: DeliveryDraft, now: number, store: { timezone: string; currency: string }): FieldErrors {
  const errors: Record<string, string> = {};
  if (!draft.recipient_name.trim()) errors.recipient_name = t("Enter the recipient's name.");
  if (!PHONE.test(draft.phone.trim())) errors.phone = t("Enter a phone number, in case something goes wrong.");
  Object.assign(errors, doorErrors(draft));
  if (readyAt(draft, now, store.timezone) === null) errors.ready = t("Enter the time when the parcels are ready.");
  const window = windowOf(draft, now, store.timezone);
  if (!window) errors.window = t("Enter both times of the window.");
  else if (Date.parse(window.until) <= now) errors.window = t("This window is over already. Choose a later one.");
  if (minorUnits(draft.value, store.currency) === undefined) errors.value = t("Enter an amount such as 49.90, or leave it empty.");
  return errors;
}

/** The command of a draft without errors. */
export function placeCommand(
  draft: DeliveryDraft, now: number, store: { timezone: string; currency: string },
): Draft<PlaceDelivery> {
  const window = windowOf(draft, now, store.timezone)!;
  const text = (name: keyof typeof LIMITS): string => draft[name].trim();
  return {
    merchant_ref: text("merchant_ref"), recipient_name: text("recipient_name"), phone: text("phone"),
    street: text("street"), unit: text("unit"), city: text("city"), postal_code: text("postal_code"),
    lat: draft.point!.lat, lon: draft.point!.lon, parcel_count: draft.parcel_count, parcel_litres: draft.parcel_litres,
    ready_at: new Date(readyAt(draft, now, store.timezone)!).toISOString(),
    window_from: window.from, window_until: window.until, instructions: text("instructions"),
    leave_at_door: draft.leave_at_door && draft.proof !== "pin", proof: draft.proof, value_minor: minorUnits(draft.value, store.currency) ?? null,
    carrier_ref: text("carrier_ref"),
  };
}
