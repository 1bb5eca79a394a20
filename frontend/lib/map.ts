/**
 * A small map without tiles: places with their names on plain ground, true to scale. DOM.
 *
 * Leaflet is loaded when the first map is drawn. Everything a map shows is also said in words by the page; the map
 * itself is one picture with a description to a screen reader.
 */
import type * as Leaflet from "leaflet";
import type { Point } from "./api";
import { loadLeaflet } from "./map-loader";

/** A place with its word: "Juniper", "You", "Dina". */
export interface MapPlace extends Point {
  kind: "store" | "home" | "driver" | "stop";
  label: string;
}

export interface MapOptions {
  places: readonly MapPlace[];
  /** What the picture shows, for those who do not see it. */
  description: string;
  /** A thin line through these points, in order. */
  line?: readonly Point[];
}

export interface MountedMap {
  /** Move (or show, or with null hide) the driver; the view widens only when the driver would be outside. */
  setDriver(place: (Point & { label: string; accuracy_m?: number }) | null): void;
  /** Replace the other places and the line. */
  setPlaces(places: readonly MapPlace[], line?: readonly Point[]): void;
  destroy(): void;
}

const FIT: Leaflet.FitBoundsOptions = { padding: [48, 48], maxZoom: 16, animate: false };
/** A circle for the accuracy of a fix is drawn from here on; below it would hide under the pin. */
const SHOWN_ACCURACY_M = 30;

/** Draw a map into `element` (class `map`). Answers null where Leaflet cannot be loaded; the words remain. */
export async function mountMap(element: HTMLElement, options: MapOptions): Promise<MountedMap | null> {
  const leaflet = await loadLeaflet();
  if (!leaflet) return null;
  element.classList.add("map");
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", options.description);
  const map = leaflet.map(element, { attributionControl: false, zoomControl: false, keyboard: false, zoomSnap: 0.25 });
  const fixed = leaflet.layerGroup().addTo(map);
  let driver: { pin: Leaflet.Marker; circle: Leaflet.Circle } | null = null;

  function setPlaces(places: readonly MapPlace[], line: readonly Point[] = []): void {
    fixed.clearLayers();
    if (line.length > 1) leaflet!.polyline(line.map(pair), { className: "map-way", interactive: false }).addTo(fixed);
    for (const place of places) pinOf(leaflet!, place).addTo(fixed);
    const points = [...places, ...line].map(pair);
    if (driver) points.push(pairOf(driver.pin.getLatLng()));
    if (points.length > 0) map.fitBounds(leaflet!.latLngBounds(points), FIT);
  }

  setPlaces(options.places, options.line);
  const stopWatching = redrawOnResize(element, map);
  return {
    setPlaces,
    setDriver(place) {
      if (!place) {
        driver?.pin.remove();
        driver?.circle.remove();
        driver = null;
        return;
      }
      driver ??= {
        pin: pinOf(leaflet, { ...place, kind: "driver" }).addTo(map),
        circle: leaflet.circle(pair(place), { radius: 0, className: "map-range", interactive: false, weight: 1 }).addTo(map),
      };
      const accuracy = place.accuracy_m ?? 0;
      driver.pin.setLatLng(pair(place));
      driver.circle.setLatLng(pair(place)).setRadius(accuracy >= SHOWN_ACCURACY_M ? accuracy : 0);
      if (!map.getBounds().contains(pair(place))) map.fitBounds(map.getBounds().extend(pair(place)), FIT);
    },
    destroy() {
      stopWatching();
      map.remove();
    },
  };
}

/** A named pin. The label is set as text, so a name can never become markup. */
export function pinOf(leaflet: typeof Leaflet, place: MapPlace): Leaflet.Marker {
  const label = document.createElement("span");
  label.textContent = place.label;
  const icon = leaflet.divIcon({ className: "map-pin", html: label, iconSize: [0, 0] });
  const marker = leaflet.marker(pair(place), { icon, interactive: false, keyboard: false });
  marker.on("add", () => marker.getElement()?.setAttribute("data-kind", place.kind));
  return marker;
}

/** Leaflet measures its box once; a turned phone or an opened sheet gives it another. */
export function redrawOnResize(element: HTMLElement, map: Leaflet.Map): () => void {
  const observer = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  observer.observe(element);
  return () => observer.disconnect();
}

/** A point as Leaflet wants it. */
export function pair(point: Point): [number, number] {
  return [point.lat, point.lon];
}

function pairOf(point: Leaflet.LatLng): [number, number] {
  return [point.lat, point.lng];
}
