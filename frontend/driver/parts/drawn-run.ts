/** A run's stops on a map, loaded with the map when somebody opens it. */
import type { Point } from "../../lib/api";
import { t } from "../../lib/i18n";
import { type MapPlace, type MountedMap, mountMap } from "../../lib/map";
import type { Run } from "../api";

/** Draw the stops and the way between them; null when the map cannot be loaded. */
export async function drawRun(element: HTMLElement, run: Run): Promise<MountedMap | null> {
  const places = placesOf(run);
  const description = t("The stops in order: {names}", { names: places.map(({ label }) => label).join(", ") });
  return mountMap(element, { places, description, line: places.map(({ lat, lon }): Point => ({ lat, lon })) });
}

function placesOf(run: Run): MapPlace[] {
  const stops = [...run.stops].sort((one, other) => one.seq - other.seq);
  return stops.map((stop, index) => {
    const place = stop.kind === "dropoff" ? stop.delivery : stop.store;
    const name = stop.kind === "dropoff" ? stop.delivery.recipient_first_name : stop.store.name;
    return { lat: place.lat, lon: place.lon, kind: stop.kind === "dropoff" ? "home" : "store", label: `${index + 1} ${name}` };
  });
}
