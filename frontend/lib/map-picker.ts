/** Choose the point of an address: the clerk moves a pin, or nudges it with the arrow keys. DOM. */
import type { Point } from "./api";
import { usesMiles } from "./format";
import { pair, pinOf, redrawOnResize } from "./map";
import { type KnownPlace, showKnown } from "./map-known";
import { loadLeaflet } from "./map-loader";

export interface PickerOptions {
  store: Point & { label: string };
  /** Where the pin begins; null while there is none. */
  start: Point | null;
  /** The word on the pin: "Door". */
  label: string;
  /** Metres around the store that are delivered to; drawn as a circle. */
  rangeM: number;
  /** Called with the new point after each move, rounded to about a metre. */
  onPick: (point: Point) => void;
}

export interface MountedPicker {
  /** Put the pin elsewhere, such as on an address that was found, and bring it into view; null takes it away. */
  moveTo(point: Point | null): void;
  /** Show places to go by. While there is no pin they come into view. */
  addKnown(places: readonly KnownPlace[]): void;
  destroy(): void;
}

/** Five decimals of a degree are about one metre. */
const DECIMALS = 5;
/** A key moves the pin so far on the screen: a lot from afar, a little from near. */
const NUDGE_PX = 8;
/** Without a limit a single point would be looked at from no distance at all. */
const FIT = { padding: [32, 32] as [number, number], maxZoom: 16, animate: false };
/** From afar a finger covers half a mile: a tap comes closer, so that the next one can be exact. */
const CLOSE_ZOOM = 16;
const CLOSER_BY = 2;
const STEPS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/** Draw the picker into `element` (class `map`). Answers null where Leaflet cannot be loaded. */
export async function mountPicker(element: HTMLElement, options: PickerOptions): Promise<MountedPicker | null> {
  const leaflet = await loadLeaflet();
  if (!leaflet) return null;
  element.classList.add("map");
  const map = leaflet.map(element, { attributionControl: false, keyboard: false, zoomAnimation: false });
  const home = pinOf(leaflet, { ...(options.start ?? options.store), kind: "home", label: options.label });
  const store = pinOf(leaflet, { ...options.store, kind: "store" });
  // A layer can be measured only on a map that looks at something.
  map.setView(pair(options.store), CLOSE_ZOOM);
  store.addTo(map);
  leaflet.control.scale({ position: "bottomleft", imperial: usesMiles(), metric: !usesMiles() }).addTo(map);
  const range = leaflet.circle(pair(options.store), { radius: options.rangeM, className: "map-range", interactive: false }).addTo(map);
  const known = showKnown(leaflet, map, () => (map.hasLayer(home) ? [store, home] : [store]).map((pin) => pin.getLatLng()));
  if (options.start) look(options.start);
  else map.fitBounds(range.getBounds(), FIT);

  /** Store and door fill the picture, so that the way between them can be judged. */
  function look(point: Point): void {
    home.setLatLng(pair(point)).addTo(map);
    map.fitBounds(leaflet!.latLngBounds([pair(options.store), pair(point)]), FIT);
  }

  function pick(lat: number, lon: number): void {
    const point = { lat: Number(lat.toFixed(DECIMALS)), lon: Number(lon.toFixed(DECIMALS)) };
    home.setLatLng(pair(point)).addTo(map);
    options.onPick(point);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.target !== element) return;
    const step = STEPS[event.key];
    if (step) nudge(...step);
    else if (event.key === "+" || event.key === "-") map.setZoomAround(home.getLatLng(), map.getZoom() + (event.key === "+" ? 1 : -1));
    else return;
    event.preventDefault();
  }

  function nudge(right: number, down: number): void {
    const moved = map.latLngToContainerPoint(home.getLatLng()).add([right * NUDGE_PX, down * NUDGE_PX]);
    const { lat, lng } = map.containerPointToLatLng(moved);
    pick(lat, lng);
    map.panInside(home.getLatLng(), { padding: FIT.padding, animate: false });
  }

  map.on("click", ({ latlng: { lat, lng } }) => {
    pick(lat, lng);
    if (map.getZoom() < CLOSE_ZOOM) map.setView([lat, lng], Math.min(map.getZoom() + CLOSER_BY, CLOSE_ZOOM), { animate: false });
  });
  element.tabIndex = 0;
  element.addEventListener("keydown", onKey);
  const stopWatching = redrawOnResize(element, map);
  return {
    moveTo(point) {
      if (point) look(point);
      else home.remove();
    },
    addKnown(places) {
      known.add(places);
      if (!map.hasLayer(home)) map.fitBounds(leaflet.latLngBounds([pair(options.store), ...places.map(pair)]), FIT);
    },
    destroy() {
      element.removeEventListener("keydown", onKey);
      stopWatching();
      map.remove();
    },
  };
}
