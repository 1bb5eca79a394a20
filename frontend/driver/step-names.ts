/** What a kept step was, in words, from the path of its command. */
import { t } from "../lib/i18n";
import type { DriverState, Stop } from "./api";

/** "Collect at Sephora". A stop that is not in the state any more is named without its place. */
export function stepName(path: string, state: DriverState | null): string {
  const [, area, id, step = area] = path.split("/");
  const stop = state?.run?.stops.find((one) => one.id === id);
  const names: Record<string, () => string> = {
    arrive: () => (stop ? t("Arrival at {place}", { place: placeOf(stop) }) : t("Arrival at a stop")),
    collect: () => (stop ? t("Collection at {place}", { place: placeOf(stop) }) : t("Collection at a store")),
    deliver: () => (stop ? t("Delivery to {place}", { place: placeOf(stop) }) : t("Delivery to a customer")),
    fail: () => (stop ? t("Not delivered to {place}", { place: placeOf(stop) }) : t("A delivery that could not be made")),
    return: () => (stop ? t("Given back at {place}", { place: placeOf(stop) }) : t("Parcels given back")),
    photos: () => t("Photo at the door"),
    confirm: () => t("Parcels confirmed"),
    dispute: () => t("Parcels disputed"),
  };
  return (names[step ?? ""] ?? (() => t("Another step")))();
}

function placeOf(stop: Stop): string {
  return stop.kind === "dropoff" ? stop.delivery.recipient_first_name : stop.store.name;
}
