/** How far apart two points are. */
import type { Point } from "../lib/api";

const EARTH_RADIUS_M = 6_371_009;

/** Metres as the crow flies (haversine formula on a sphere; under 0.6 % off). */
export function metresBetween(one: Point, other: Point): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
  const chord = half(one.lat, other.lat) + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * half(one.lon, other.lon);
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}
