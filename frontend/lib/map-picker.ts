/** Choose the point of an address: the clerk moves a pin, or nudges it with the arrow keys. DOM. */
import type { Point } from "./api";
import { pair, pinOf, redrawOnResize } from "./map";
import { loadLeaflet } from "./map-loader";

export interface PickerOptions {
  store: Point & { label: string };
  /** Where the pin begins. */
  start: Point;
  /** The word on the pin: "Customer". */
  label: string;
  /** Metres around the store that are delivered to; drawn as a circle. */
  rangeM?: number;
  /** Called with the new point after each move, rounded to about a metre. */
  onPick: (point: Point) => void;
}

export interface MountedPicker {
  /** Put the pin elsewhere, such as on an address that was found, and bring it into view. */
  moveTo(point: Point): void;
  destroy(): void;
}

/** Five decimals of a degree are about one metre. */
const DECIMALS = 5;
const NUDGE_M = 10;
const METRES_PER_DEGREE = 111_320;
/** Without a limit a single point would be looked at from no distance at all. */
const FIT = { padding: [32, 32] as [number, number], maxZoom: 16, animate: false };
const STEPS: Readonly<Record<string, readonly [north: number, east: number]>> = {
  ArrowUp: [1, 0],
  ArrowDown: [-1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Draw the picker into `element` (class `map`). Answers null where Leaflet cannot be loaded. */
export async function mountPicker(element: HTMLElement, options: PickerOptions): Promise<MountedPicker | null> {
  const leaflet = await loadLeaflet();
  if (!leaflet) return null;
  element.classList.add("map");
  const map = leaflet.map(element, { attributionControl: false, keyboard: false });
  const home = pinOf(leaflet, { ...options.start, kind: "home", label: options.label }).addTo(map);
  pinOf(leaflet, { ...options.store, kind: "store" }).addTo(map);
  const bounds = leaflet.latLngBounds([pair(options.store), pair(options.start)]);
  if (options.rangeM) {
    const circle = leaflet.circle(pair(options.store), { radius: options.rangeM, className: "map-range", interactive: false });
    bounds.extend(circle.addTo(map.fitBounds(bounds, FIT)).getBounds());
  }
  map.fitBounds(bounds, FIT);

  function pick(lat: number, lon: number): void {
    const point = { lat: Number(lat.toFixed(DECIMALS)), lon: Number(lon.toFixed(DECIMALS)) };
    home.setLatLng(pair(point));
    options.onPick(point);
  }

  function nudge(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (!step || event.target !== element) return;
    event.preventDefault();
    const { lat, lng } = home.getLatLng();
    const degrees = NUDGE_M / METRES_PER_DEGREE;
    pick(lat + step[0] * degrees, lng + (step[1] * degrees) / Math.cos((lat * Math.PI) / 180));
  }

  map.on("click", (event) => pick(event.latlng.lat, event.latlng.lng));
  element.tabIndex = 0;
  element.addEventListener("keydown", nudge);
  const stopWatching = redrawOnResize(element, map);
  return {
    moveTo(point) {
      home.setLatLng(pair(point));
      // Store and door fill the picture, so that the way between them can be judged.
      map.fitBounds(leaflet.latLngBounds([pair(options.store), pair(point)]), FIT);
    },
    destroy() {
      element.removeEventListener("keydown", nudge);
      stopWatching();
      map.remove();
    },
  };
}
