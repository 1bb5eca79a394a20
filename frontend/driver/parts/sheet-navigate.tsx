/** Which app shows the way: the phone's own navigation, by links. */
import { t } from "../../lib/i18n";
import type { Run, Stop } from "../api";
import { type NavigationLink, navigationLinks } from "../links";
import { back } from "../navigation";
import { Sheet } from "./sheet";

/** Where to drive for a stop: stores are reached from the site's parking. */
export function destinationOf(stop: Stop, run: Run): { lat: number; lon: number; label: string } {
  if (stop.kind === "dropoff") return { lat: stop.delivery.lat, lon: stop.delivery.lon, label: stop.delivery.street };
  return { lat: run.site.parking.lat, lon: run.site.parking.lon, label: t("Parking, {site}", { site: run.site.name }) };
}

export function NavigateSheet({ stop, run }: { stop: Stop; run: Run }) {
  const destination = destinationOf(stop, run);
  const close = (): void => back({ name: "stop", stopId: stop.id, page: "here" });
  return (
    <Sheet title={t("Show the way to {place}", { place: destination.label })} onClose={close}>
      <ul class="list links">
        {navigationLinks(destination, destination.label).map(({ id, href }) => (
          <li key={id}>
            <a href={href} target={id === "geo" ? undefined : "_blank"} rel="noreferrer" data-navigation={id}>
              {linkName(id)}
            </a>
          </li>
        ))}
      </ul>
      <p class="muted small">{t("While another app is in front, customers see your last position and how old it is.")}</p>
    </Sheet>
  );
}

function linkName(id: NavigationLink["id"]): string {
  const names = { geo: t("This phone’s map app"), google: t("Google Maps"), apple: t("Apple Maps"), waze: t("Waze") };
  return names[id];
}
