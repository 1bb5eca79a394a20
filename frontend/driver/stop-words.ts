/** A stop in a line or two, as the list and the screens say it. */
import { parcels } from "../lib/format";
import { t } from "../lib/i18n";
import type { DropoffStop, PickupStop, ReturnStop, Run, Stop } from "./api";
import { countParcels } from "./steps";

/** Letters and digits without a word: "12", "4B", "#7". People also write "Apt 12" or "Suite 204", which says it all. */
const BARE_UNIT = /^#?\s*(\d{1,5}[a-z]?|[a-z]\d{0,4})$/i;

/** Who or which store. */
export function placeOf(stop: Stop): string {
  if (stop.kind !== "dropoff") return t("{store}, {floor}", { store: stop.store.name, floor: stop.store.floor });
  return stop.delivery.recipient_first_name;
}

/** What there is to do, and at a door where; the street leaves the app once the door is done. */
export function whatOf(stop: Stop): string {
  if (stop.kind === "dropoff") {
    const { street, parcel_count: count } = stop.delivery;
    return street ? t("{street}, {parcels}", { street, parcels: parcels(count) }) : parcels(count);
  }
  const count = parcels(countParcels(stop.deliveries));
  return stop.kind === "pickup" ? t("Collect {parcels}", { parcels: count }) : t("Give back {parcels}", { parcels: count });
}

/** What became of a door that was not delivered to. */
export function skippedWord({ delivery }: DropoffStop): string {
  return delivery.status === "cancelled" ? t("Cancelled") : t("Not delivered");
}

/** A customer's unit: as it was written, with a word before a bare number. */
export function unitWords(unit: string): string {
  return BARE_UNIT.test(unit.trim()) ? t("Unit {unit}", { unit: unit.trim() }) : unit;
}

/** The store from which a store is walked to; null for the first one, and where it is driven to from a door. */
export function storeBefore(stop: Stop, run: Run): PickupStop | ReturnStop | null {
  if (stop.kind === "dropoff") return null;
  const before = run.stops.filter(({ seq }) => seq < stop.seq).sort((one, other) => other.seq - one.seq)[0];
  return before === undefined || before.kind === "dropoff" ? null : before;
}
