/** A place in what people paste: two numbers, a map app's link, a plus code. */
import type { Point } from "./api";
import { plusCodePoint } from "./plus-codes";

/** The place, or why there is none: `short_link` hides it behind another address, `unreadable` holds none. */
export type FoundPlace = { point: Point } | { reason: "short_link" | "unreadable" };

const NUMBER = String.raw`(-?\d{1,3}[.,]\d{2,})`;
const DEGREES = String.raw`(\d{1,3})°\s*(\d{1,2})['′’]\s*(\d{1,2}(?:[.,]\d+)?)(?:["″”]|'')?\s*`;
/** Links that lead to the place only when they are opened. */
const SHORT_LINK = /\b(maps\.app\.goo\.gl|goo\.gl\/maps|maps\.apple\/p|g\.co\/kgs|waze\.com\/ul\/h|osm\.org\/go|what3words|w3w\.co)/i;
/**
 * The first that matches holds; each gives latitude and longitude. In a link of Google Maps the pin comes before
 * the middle of the picture (`@`).
 */
const PAIRS: readonly RegExp[] = [
  new RegExp(`!3d${NUMBER}!4d${NUMBER}(?!.*!3d)`),
  new RegExp(`[?&#]mlat=${NUMBER}&mlon=${NUMBER}`),
  new RegExp(String.raw`[?&](?:q|query|ll|daddr|destination|coordinate|to|cp)=(?:ll\.|loc:)?${NUMBER}[,~]\s*${NUMBER}`, "i"),
  new RegExp(`@${NUMBER},${NUMBER}`),
  new RegExp(String.raw`${NUMBER}\s*°?\s*[;,/~\s]\s*${NUMBER}`),
];
const HEMISPHERES = new RegExp(String.raw`${NUMBER}\s*°?\s*([NS])[\s,;]*${NUMBER}\s*°?\s*([EWO])`, "i");
const SEXAGESIMAL = new RegExp(String.raw`${DEGREES}([NS])[\s,;]*${DEGREES}([EWO])`, "i");

/**
 * Read a place out of a text.
 *
 * @param near Where short plus codes are looked for.
 */
export function placeIn(text: string, near: Point): FoundPlace {
  const plain = decoded(text.trim()).replace(/\+(?=[-\d])/g, " ");
  const point = fromDegrees(plain) ?? fromHemispheres(plain) ?? fromPair(plain) ?? plusCodePoint(decoded(text.trim()), near);
  if (point && Math.abs(point.lat) <= 90 && Math.abs(point.lon) <= 180) return { point };
  return { reason: SHORT_LINK.test(plain) ? "short_link" : "unreadable" };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fromPair(text: string): Point | null {
  for (const pattern of PAIRS) {
    const found = pattern.exec(text);
    if (found) return { lat: value(found[1]!), lon: value(found[2]!) };
  }
  return null;
}

function fromHemispheres(text: string): Point | null {
  const found = HEMISPHERES.exec(text);
  if (!found) return null;
  return { lat: signed(value(found[1]!), found[2]!), lon: signed(value(found[3]!), found[4]!) };
}

function fromDegrees(text: string): Point | null {
  const found = SEXAGESIMAL.exec(text);
  if (!found) return null;
  const degrees = (from: number): number => value(found[from]!) + value(found[from + 1]!) / 60 + value(found[from + 2]!) / 3600;
  return { lat: signed(degrees(1), found[4]!), lon: signed(degrees(5), found[8]!) };
}

/** South and west are negative; "O" is west in Spanish. */
function signed(degrees: number, hemisphere: string): number {
  return /[SWO]/i.test(hemisphere) ? -Math.abs(degrees) : Math.abs(degrees);
}

function value(text: string): number {
  return Number(text.replace(",", "."));
}
