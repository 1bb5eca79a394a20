/** What the tablet sends to `/desk/api`; taken by `app/web/clerk/commands.py`. */
import type { Command } from "../lib/api";

// Commands: POST, answer CommandAnswer<Result, DeskState>.

/** `/desk/api/enrol` → { kid } and the desk's cookie. 410 `enrolment_expired`, 404 `enrolment_unknown`. */
export interface EnrolDesk extends Command {
  code: string;
  public_key: string;
}
/** `/desk/api/sign-in` → { clerk_id }; 403 `clerk_code_wrong` with tries_left, 423 `desk_locked`. */
export interface SignIn extends Command {
  code: string;
}
/** `/desk/api/wrong-codes` → {}: codes that were typed without signal, counted as those that the server hears itself. */
export interface ReportWrongCodes extends Command {
  count: number;
}
/** `/desk/api/lock` → {} */
export type Lock = Command;
interface DoorCommand extends Command {
  street: string;
  unit: string;
  city: string;
  postal_code: string;
  lat: number;
  lon: number;
}
/** `/desk/api/deliveries` → { delivery_id, tracking_url } */
export interface PlaceDelivery extends DoorCommand {
  merchant_ref: string;
  recipient_name: string;
  phone: string;
  parcel_count: number;
  parcel_litres: number;
  /** Instant when the parcels are packed at the latest. */
  ready_at: string;
  window_from: string;
  window_until: string;
  instructions: string;
  leave_at_door: boolean;
  proof: "photo" | "pin" | "none";
  value_minor: number | null;
  /** What the carrier who brings it to a hub calls it. */
  carrier_ref: string;
}
/** `/desk/api/deliveries/{id}/pack` → {} */
export type MarkPacked = Command;
/** `/desk/api/deliveries/{id}/unpack` → {} */
export type MarkNotPacked = Command;
/** `/desk/api/deliveries/{id}/keep-back` → {}; 409 `only_delivery_of_run`, `run_not_held`: its driver goes without it. */
export type KeepBack = Command;
/** Why a delivery is cancelled. The customer is told; `corrected`: the same order is entered again. */
export type CancelReason = "out_of_stock" | "damaged" | "customer_asked" | "no_time" | "mistake" | "corrected" | "other";
/** `/desk/api/deliveries/{id}/cancel` → {} */
export interface CancelDelivery extends Command {
  reason: CancelReason;
  /** For the record of this order: the customer never reads it. */
  note: string;
}
/** `/desk/api/deliveries/{id}/address` → {}; 409 `address_fixed`, `not_by_hand`, 422 `address_outside`, `address_not_in_time`. */
export type ChangeAddress = DoorCommand;
/** `/desk/api/deliveries/{id}/link` → { tracking_url }, shown once; 409 `link_shows_pin`, `not_by_hand`: the old link stops. */
export type GiveLink = Command;
/** `/desk/api/parcels/{delivery}/{number}/take-in` → { level }; `…/sort` → { run_id, bay }: a label's or a carrier's code. */
export interface TakeIn extends Command {
  text: string;
  /** From whom; null for a carrier who shows no phone. */
  visit_id: string | null;
}
/** `/desk/api/visits` → { visit_id, driver_id }: the code on a carrier's phone. `/desk/api/visits/{id}/end` → { driver_id } */
export interface OpenVisit extends Command {
  text: string;
}
/** `/desk/api/parcels/{delivery}/{number}/shelve` → {} */
export interface Shelve extends Command {
  place: string;
}
/** `/desk/api/releases` → { short_code }: every `R` that the screen shows, so that a typed code can be checked. */
export interface ShowRelease extends Command {
  run_id: string;
  /** `MP1:…` */
  token: string;
}
/** `/desk/api/manager-code` → {}; 403 `manager_code_wrong` with tries_left, 423 `manager_code_locked`, 409 `manager_code_unset`. */
export interface EnterManagerCode extends Command {
  code: string;
}
/** `/desk/api/handovers` → {}: the clerk tapped Given. */
export interface GiveParcels extends Command {
  run_id: string;
  delivery_ids: string[];
  /** Hex nonces of all `R` shown for this handover. */
  nonces: string[];
}
/** `/desk/api/returns` → {}: the clerk has the parcels back. */
export interface TakeBack extends Command {
  run_id: string;
  delivery_ids: string[];
}
