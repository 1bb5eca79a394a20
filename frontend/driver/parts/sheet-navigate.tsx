/** Which app shows the way: the phone's own navigation, by links. */
import { useSignal } from "@preact/signals";
import { t } from "../../lib/i18n";
import type { DropoffDelivery, Run, Stop } from "../api";
import { type NavigationLink, navigationLinks, usedFirst } from "../links";
import { back } from "../navigation";
import { Action } from "./button";
import { Sheet } from "./sheet";

const USED_KEY = "mallrun-driver-map-app";

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
        {usedFirst(navigationLinks(destination, destination.label), lastUsed()).map(({ id, href }) => (
          <li key={id}>
            <a href={href} target={id === "geo" ? undefined : "_blank"} rel="noreferrer" data-navigation={id} onClick={() => noteUsed(id)}>
              {linkName(id)}
            </a>
          </li>
        ))}
      </ul>
      {stop.kind === "dropoff" && <CopyAddress delivery={stop.delivery} />}
      <p class="muted small">{t("While another app is in front, customers see your last position and how old it is.")}</p>
    </Sheet>
  );
}

/** For an app that is not on the list, or that finds the door better by its words. */
function CopyAddress({ delivery }: { delivery: DropoffDelivery }) {
  const isCopied = useSignal(false);
  const { street, city, postal_code } = delivery;
  // Browsers have a clipboard on safe origins only.
  if (!("clipboard" in navigator)) return null;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(`${street}, ${t("{city} {postal_code}", { city, postal_code })}`).then(() => (isCopied.value = true), () => undefined);
  };
  return (
    <div role="status">
      <Action name="copy-address" tone="quiet" isWide busy={t("Copying")} onTap={copy}>
        {isCopied.value ? t("Address copied") : t("Copy the address")}
      </Action>
    </div>
  );
}

function lastUsed(): string | null {
  try {
    return localStorage.getItem(USED_KEY);
  } catch {
    return null;
  }
}

function noteUsed(id: NavigationLink["id"]): void {
  try {
    localStorage.setItem(USED_KEY, id);
  } catch {
    // Storage is switched off: the list keeps its order.
  }
}

function linkName(id: NavigationLink["id"]): string {
  const names = { geo: t("This phone’s map app"), google: t("Google Maps"), apple: t("Apple Maps"), waze: t("Waze") };
  return names[id];
}
