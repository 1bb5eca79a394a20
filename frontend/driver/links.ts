/** Handing a place to the phone's own navigation: four addresses, no request of ours. */
import type { Point } from "../lib/api";

export interface NavigationLink {
  id: "geo" | "google" | "apple" | "waze";
  href: string;
}

const DECIMALS = 6; // 0.1 m

/** Links that open directions to a place; `label` names it in apps that show names. */
export function navigationLinks(place: Point, label: string): NavigationLink[] {
  const pair = `${place.lat.toFixed(DECIMALS)},${place.lon.toFixed(DECIMALS)}`;
  // Brackets end the label in `geo:` addresses.
  const name = encodeURIComponent(label.replace(/[()]/g, " ").trim());
  return [
    { id: "geo", href: `geo:${pair}?q=${pair}(${name})` },
    { id: "google", href: `https://www.google.com/maps/dir/?api=1&destination=${encodeURIComponent(pair)}` },
    { id: "apple", href: `https://maps.apple.com/?daddr=${encodeURIComponent(pair)}&q=${name}` },
    { id: "waze", href: `https://waze.com/ul?ll=${encodeURIComponent(pair)}&navigate=yes` },
  ];
}

/** The links with the one that was used last at the top: a driver has one map app, and many doors. */
export function usedFirst(links: readonly NavigationLink[], used: string | null): NavigationLink[] {
  return [...links].sort((one, other) => Number(other.id === used) - Number(one.id === used));
}

const EARTH_M = 6_371_000;

/** Metres between two points as the crow flies, for putting the nearest first. */
export function metresBetween(one: Point, other: Point): number {
  const rad = (degrees: number): number => (degrees * Math.PI) / 180;
  const [dLat, dLon] = [rad(other.lat - one.lat), rad(other.lon - one.lon)];
  const chord = Math.sin(dLat / 2) ** 2 + Math.cos(rad(one.lat)) * Math.cos(rad(other.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(chord));
}
