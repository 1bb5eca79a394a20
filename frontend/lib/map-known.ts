/** Known places on a map without streets: a dot each, and names as far as they do not cover one another. DOM. */
import type * as Leaflet from "leaflet";
import type { Point } from "./api";
import { pair } from "./map";

export interface KnownPlace extends Point {
  label: string;
}

export interface KnownPlaces {
  /** Add places; earlier ones stay. The first ones keep their names where there is little room. */
  add(places: readonly KnownPlace[]): void;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Names are measured by their length: asking the browser for each would draw the page again and again. */
const LETTER_PX = 7.2;
const NAME_HEIGHT_PX = 20;
const NAME_FROM_DOT_PX = 8;
const DOT_HALF_PX = 3;
/** A pin's label, on both sides of its point and above it. */
const PIN_HALF_PX = 40;
const PIN_HEIGHT_PX = 36;

/** @param pins The places of the pins, which no name may cover. */
export function showKnown(leaflet: typeof Leaflet, map: Leaflet.Map, pins: () => readonly Leaflet.LatLng[]): KnownPlaces {
  const shown = new Map<string, Leaflet.Marker>();

  function arrange(): void {
    const dots = new Map([...shown].map(([label, marker]) => [label, map.latLngToContainerPoint(marker.getLatLng())]));
    const taken = [...pins().map((pin) => pinBox(map.latLngToContainerPoint(pin))), ...[...dots.values()].map(dotBox)];
    for (const [label, marker] of shown) {
      const box = nameBox(dots.get(label)!, label);
      const isFree = !taken.some((other) => meet(box, other));
      if (isFree) taken.push(box);
      marker.getElement()?.toggleAttribute("data-named", isFree);
    }
  }

  map.on("zoomend moveend resize", arrange);
  return {
    add(places) {
      for (const place of places) if (!shown.has(place.label)) shown.set(place.label, dotOf(leaflet, place).addTo(map));
      arrange();
    },
  };
}

function dotOf(leaflet: typeof Leaflet, place: KnownPlace): Leaflet.Marker {
  const name = document.createElement("span");
  name.textContent = place.label;
  const icon = leaflet.divIcon({ className: "map-known", html: name, iconSize: [0, 0] });
  return leaflet.marker(pair(place), { icon, interactive: false, keyboard: false });
}

function nameBox({ x, y }: Leaflet.Point, label: string): Box {
  const left = x + NAME_FROM_DOT_PX;
  return { left, right: left + label.length * LETTER_PX, top: y - NAME_HEIGHT_PX / 2, bottom: y + NAME_HEIGHT_PX / 2 };
}

function dotBox({ x, y }: Leaflet.Point): Box {
  return { left: x - DOT_HALF_PX, right: x + DOT_HALF_PX, top: y - DOT_HALF_PX, bottom: y + DOT_HALF_PX };
}

function pinBox({ x, y }: Leaflet.Point): Box {
  return { left: x - PIN_HALF_PX, right: x + PIN_HALF_PX, top: y - PIN_HEIGHT_PX, bottom: y };
}

function meet(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
