/**
 * Plus codes ("8426+8Q Chandler"): what map apps show for every place, also where there is no address.
 *
 * Source: Open Location Code specification, version 1.0 (github.com/google/open-location-code).
 */
import type { Point } from "./api";

const DIGITS = "23456789CFGHJMPQRVWX";
const BASE = DIGITS.length;
/** Digits before the plus sign of a full code. */
const FULL_DIGITS = 8;
/** Digits that come in pairs, latitude before longitude; each pair divides the square by 20 × 20. */
const PAIRED_DIGITS = 10;
/** Every digit after the pairs divides the cell into five rows and four columns. */
const ROWS = 5;
const COLUMNS = 4;
const CODE = /(?:^|[\s,\/=])([23456789CFGHJMPQRVWX]{2,8})\+([23456789CFGHJMPQRVWX]{2,7})?(?=$|[\s,&+])/i;

/**
 * The middle of a plus code's cell, or null when the text holds none.
 *
 * A short code means the place nearest to `reference`: people leave the first digits off and name the town.
 */
export function plusCodePoint(text: string, reference: Point): Point | null {
  const found = CODE.exec(text);
  if (!found) return null;
  const [before, after] = [found[1]!.toUpperCase(), (found[2] ?? "").toUpperCase()];
  const missing = FULL_DIGITS - before.length;
  if (missing % 2 === 1) return null;
  const start = missing === 0 ? "" : encodedPairs(reference).slice(0, missing);
  const point = middleOf(start + before + after);
  if (missing === 0) return isOnEarth(point) ? point : null;
  const square = 20 * BASE ** (1 - missing / 2);
  return { lat: nearest(point.lat, reference.lat, square), lon: nearest(point.lon, reference.lon, square) };
}

/** The paired digits of a point. */
function encodedPairs({ lat, lon }: Point): string {
  let [north, east] = [Math.min(lat + 90, 180 - 1e-9), (((lon + 180) % 360) + 360) % 360];
  let [code, size] = ["", 20];
  for (let digits = 0; digits < PAIRED_DIGITS; digits += 2) {
    const [row, column] = [Math.floor(north / size), Math.floor(east / size)];
    code += DIGITS[row]! + DIGITS[column]!;
    north -= row * size;
    east -= column * size;
    size /= BASE;
  }
  return code;
}

function middleOf(code: string): Point {
  let [lat, lon, height, width] = [-90, -180, 20 * BASE, 20 * BASE];
  for (let at = 0; at < Math.min(code.length, PAIRED_DIGITS); at += 2) {
    [height, width] = [height / BASE, width / BASE];
    lat += DIGITS.indexOf(code[at]!) * height;
    lon += DIGITS.indexOf(code[at + 1]!) * width;
  }
  for (const digit of code.slice(PAIRED_DIGITS)) {
    [height, width] = [height / ROWS, width / COLUMNS];
    const value = DIGITS.indexOf(digit);
    lat += Math.floor(value / COLUMNS) * height;
    lon += (value % COLUMNS) * width;
  }
  return { lat: lat + height / 2, lon: lon + width / 2 };
}

function nearest(value: number, reference: number, square: number): number {
  return value - Math.round((value - reference) / square) * square;
}

function isOnEarth({ lat, lon }: Point): boolean {
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
}
