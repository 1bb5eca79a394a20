/** The stops on a map without tiles, drawn only when somebody opens it. */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Point } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { MapPlace, MountedMap } from "../../lib/map";
import type { Run } from "../api";
import { fix } from "../state";

export function RunMap({ run }: { run: Run }) {
  const box = useRef<HTMLDivElement>(null);
  const isOpen = useSignal(false);
  const mounted = useSignal<MountedMap | null>(null);
  const failed = useSignal(false);
  const here = useComputed(() => fix.value && { lat: fix.value.lat, lon: fix.value.lon, accuracy_m: fix.value.accuracy_m });

  useSignalEffect(() => {
    if (!isOpen.value) return undefined;
    let isGone = false;
    void draw(box.current!, run).then((map) => {
      if (isGone) map?.destroy();
      else mounted.value = map;
      failed.value = map === null;
    });
    return () => {
      isGone = true;
      mounted.peek()?.destroy();
      mounted.value = null;
    };
  });
  useSignalEffect(() => mounted.value?.setDriver(here.value && { ...here.value, label: t("You") }));

  return (
    <details class="run-map" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{t("Map of the stops")}</summary>
      {failed.value ? <p class="muted">{t("The map cannot be loaded without signal. The stops stand in the list.")}</p> : <div ref={box} />}
    </details>
  );
}

async function draw(element: HTMLElement, run: Run): Promise<MountedMap | null> {
  try {
    const { mountMap } = await import("../../lib/map");
    const places = placesOf(run);
    const description = t("The stops in order: {names}", { names: places.map(({ label }) => label).join(", ") });
    return await mountMap(element, { places, description, line: places.map(({ lat, lon }): Point => ({ lat, lon })) });
  } catch {
    return null;
  }
}

function placesOf(run: Run): MapPlace[] {
  const stops = [...run.stops].sort((one, other) => one.seq - other.seq);
  return stops.map((stop, index) => {
    const place = stop.kind === "dropoff" ? stop.delivery : stop.store;
    const name = stop.kind === "dropoff" ? stop.delivery.recipient_first_name : stop.store.name;
    return { lat: place.lat, lon: place.lon, kind: stop.kind === "dropoff" ? "home" : "store", label: `${index + 1} ${name}` };
  });
}
