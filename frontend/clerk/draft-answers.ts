/** What the server says about a new delivery, brought back to the fields of the form. */
import type { Problem } from "../lib/api";
import type { PlaceDelivery } from "./api";
import { type DeliveryDraft, emptyDraft, type FieldErrors } from "./draft";
import { timeValue, wallTime } from "./store-time";

/** Fields of the command that the form shows under another name. */
const SHOWN_AS: Readonly<Record<string, string>> = {
  lat: "point", lon: "point", ready_at: "ready", window_from: "window", window_until: "window", value_minor: "value",
};
/** Refusals as a whole that belong to one field. */
const FIELD_OF_CODE: Readonly<Record<string, string>> = { address_outside: "point", address_not_in_time: "point", window_past: "window", too_large_for_vehicles: "parcel_litres" };

/** Messages by field; `""` holds what belongs to no field. */
export function errorsFrom(problem: Problem): FieldErrors {
  const field = FIELD_OF_CODE[problem.code];
  if (field) return { [field]: `${problem.detail} ${problem.next_step}` };
  const known = new Set(Object.keys(emptyDraft()));
  const errors: Record<string, string> = {};
  for (const { loc, msg } of problem.errors ?? []) {
    const name = loc.split(".").pop() ?? "";
    const shown = SHOWN_AS[name] ?? name;
    errors[known.has(shown) ? shown : ""] ??= msg;
  }
  if (Object.keys(errors).length === 0) errors[""] = `${problem.detail} ${problem.next_step}`;
  return errors;
}

/** The form again, filled from a command that was refused after the clerk had gone on. `now` in milliseconds. */
export function draftFrom(body: Record<string, unknown>, now: number, { timezone, currency }: { timezone: string; currency: string }): DeliveryDraft {
  const command = body as unknown as PlaceDelivery;
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return {
    ...emptyDraft(),
    merchant_ref: command.merchant_ref, recipient_name: command.recipient_name, phone: command.phone,
    street: command.street, unit: command.unit, city: command.city, postal_code: command.postal_code,
    point: { lat: command.lat, lon: command.lon }, parcel_count: command.parcel_count, parcel_litres: command.parcel_litres ?? emptyDraft().parcel_litres,
    ready: "at", ready_time: timeValue(Date.parse(command.ready_at), timezone),
    window: "hand",
    hand: {
      day: isLaterDay(Date.parse(command.window_from), now, timezone) ? 1 : 0,
      from: timeValue(Date.parse(command.window_from), timezone),
      until: timeValue(Date.parse(command.window_until), timezone),
    },
    instructions: command.instructions, leave_at_door: command.leave_at_door, proof: command.proof,
    carrier_ref: command.carrier_ref ?? "",
    value: command.value_minor === null ? "" : (command.value_minor / 10 ** digits).toFixed(digits),
  };
}

/** Whether the store's calendar shows another, later day at an instant; the form offers today and tomorrow. */
function isLaterDay(instant: number, now: number, timezone: string): boolean {
  const [that, today] = [wallTime(instant, timezone), wallTime(now, timezone)];
  return instant > now && that.day !== today.day;
}
