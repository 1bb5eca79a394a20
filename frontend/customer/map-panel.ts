/** The map below the answer: drawn when there is a way to show, its driver moved or hidden as the state says. DOM. */
import { t } from "../lib/i18n";
import { type MountedMap, mountMap } from "../lib/map";
import type { TrackingState } from "./api";
import { part, reveal, say } from "../lib/hooks";
import { type Fix, driverLabel, isMapWorthDrawing, positionText } from "./position";

export interface MapPanel {
  /** Show the state; `now` is the corrected clock, for the age of the position. */
  paint(state: TrackingState, fix: Fix | null, now: number): void;
}

/** Create the panel; Leaflet is fetched with the first state that is worth a map. */
export function createMapPanel(): MapPanel {
  let mounting: Promise<MountedMap | null> | null = null;
  let map: MountedMap | null = null;
  let latest: { state: TrackingState; fix: Fix | null } | null = null;

  async function mount(state: TrackingState): Promise<void> {
    const { store, dropoff } = state;
    const places = [
      { ...store, kind: "store" as const, label: store.name },
      { ...dropoff, kind: "home" as const, label: t("You") },
    ];
    mounting = mountMap(part("map"), { places, line: [store, dropoff], description: "" });
    map = await mounting;
    // Without Leaflet the words remain.
    reveal("map", map !== null);
    show();
  }

  function show(): void {
    if (!latest || !map) return;
    const { state, fix } = latest;
    map.setDriver(fix && { ...fix, label: driverLabel(state) });
    part("map").setAttribute("aria-label", t("Map: {words}", { words: part("position").textContent ?? "" }));
  }

  return {
    paint(state, fix, now) {
      latest = { state, fix };
      const isShown = isMapWorthDrawing(state);
      say("position", isShown ? positionText(state, fix, now) : "");
      reveal("way", isShown);
      if (isShown && !mounting) void mount(state);
      else show();
    },
  };
}
