/** How far apart two points are, and in which direction. */
import type { Point } from "../lib/api";
import { distance } from "../lib/format";
import { t } from "../lib/i18n";

const EARTH_RADIUS_M = 6_371_009;

/** Metres as the crow flies (haversine formula on a sphere; under 0.6 % off). */
export function metresBetween(one: Point, other: Point): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
  const chord = half(one.lat, other.lat) + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * half(one.lon, other.lon);
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** "1.9 mi north-west of Apple": how far and in which of eight directions a point lies from a named place. */
export function whereFrom(place: Point & { label: string }, point: Point): string {
  const facts = { distance: distance(metresBetween(place, point)), place: place.label };
  const words = [
    () => t("{distance} north of {place}", facts),
    () => t("{distance} north-east of {place}", facts),
    () => t("{distance} east of {place}", facts),
    () => t("{distance} south-east of {place}", facts),
    () => t("{distance} south of {place}", facts),
    () => t("{distance} south-west of {place}", facts),
    () => t("{distance} west of {place}", facts),
    () => t("{distance} north-west of {place}", facts),
  ];
  return words[octant(place, point)]!();
}

/** Eighths of a turn clockwise from north. Over the few miles of a delivery the earth is flat. */
function octant(from: Point, to: Point): number {
  const east = (to.lon - from.lon) * Math.cos((from.lat * Math.PI) / 180);
  const turn = Math.atan2(east, to.lat - from.lat) / (2 * Math.PI);
  return (Math.round(turn * 8) + 8) % 8;
}
