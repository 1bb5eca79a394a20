/** The stops on a map without tiles, drawn only when somebody opens it. */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { t } from "../../lib/i18n";
import type { MountedMap } from "../../lib/map";
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
    const { drawRun } = await import("./drawn-run");
    return await drawRun(element, run);
  } catch {
    return null;
  }
}
