import assert from "node:assert/strict";
import { test } from "node:test";
import { placeIn } from "./place-text";
import { plusCodePoint } from "./plus-codes";

const STORE = { lat: 33.301, lon: -111.898 };

function near(found: ReturnType<typeof placeIn>, lat: number, lon: number, text: string): void {
  assert.ok("point" in found, text);
  assert.ok(Math.abs(found.point.lat - lat) < 1e-5 && Math.abs(found.point.lon - lon) < 1e-5, `${text}: ${JSON.stringify(found)}`);
}

test("a place is read in every form that people paste", () => {
  const texts = [
    "33.31234, -111.85678",
    "33.31234 -111.85678",
    "  33.31234,-111.85678  ",
    "33,31234; -111,85678",
    "33.31234° N, 111.85678° W",
    "33.31234 N 111.85678 O",
    "33°18'44.424\"N 111°51'24.408\"W",
    "33° 18′ 44.424″ N, 111° 51′ 24.408″ W",
    "geo:33.31234,-111.85678?z=17",
    "https://www.google.com/maps/place/Somewhere/@33.30000,-111.90000,15z/data=!4m6!3m5!1s0x0:0x1!8m2!3d33.31234!4d-111.85678!16s",
    "https://www.google.com/maps/@33.31234,-111.85678,17z",
    "https://www.google.com/maps/search/33.31234,+-111.85678",
    "https://www.google.com/maps?q=33.31234,-111.85678",
    "https://www.google.com/maps/search/?api=1&query=33.31234%2C-111.85678",
    "https://maps.apple.com/?ll=33.31234,-111.85678&q=Dropped%20Pin",
    "https://maps.apple.com/place?coordinate=33.31234,-111.85678",
    "https://www.openstreetmap.org/?mlat=33.31234&mlon=-111.85678#map=17/33.30/-111.90",
    "https://www.openstreetmap.org/#map=17/33.31234/-111.85678",
    "https://waze.com/ul?ll=33.31234%2C-111.85678&navigate=yes",
    "https://www.waze.com/live-map/directions?to=ll.33.31234%2C-111.85678",
    "https://www.bing.com/maps?cp=33.31234~-111.85678&lvl=16",
    "The gate is at 33.31234, -111.85678 (blue)",
  ];
  for (const text of texts) near(placeIn(text, STORE), 33.31234, -111.85678, text);
});

test("a text without a place says why", () => {
  const cases = [
    ["https://maps.app.goo.gl/AbCdEf123", "short_link"], ["https://goo.gl/maps/xyz", "short_link"], ["https://maps.apple/p/abc", "short_link"],
    ["2180 W Galveston St", "unreadable"], ["480 555 0142", "unreadable"], ["", "unreadable"], ["133.5, 222.5", "unreadable"], ["%E0%A4%A", "unreadable"],
    ["33, -111", "unreadable"],
  ] as const;
  for (const [text, reason] of cases) assert.deepEqual(placeIn(text, STORE), { reason }, text);
});

test("plus codes are decoded as their specification's examples", () => {
  // Source: test_data/decoding.csv and shortCodeTests.csv of the specification.
  const decoding: [string, number, number][] = [
    ["7FG49QCJ+2V", 20.3700625, 2.7821875], ["7FG49QCJ+2VX", 20.3701125, 2.782234375], ["8FVC2222+22", 47.0000625, 8.0000625],
    ["4VCPPQGP+Q9", -41.2730625, 174.7859375], ["62G20000+", NaN, NaN],
  ];
  for (const [code, lat, lon] of decoding) {
    const point = plusCodePoint(code, STORE);
    if (Number.isNaN(lat)) assert.equal(point, null);
    else near({ point: point! }, lat, lon, code);
  }
  const shortened: [string, number, number, string][] = [
    ["CJ+2VX", 51.3701125, -1.217765625, "9C3W9QCJ+2VX"], ["9QCJ+2VX", 51.3708675, -1.217765625, "9C3W9QCJ+2VX"], ["22+", 42.899, 9.012, "8FJFW222+"],
  ];
  for (const [code, lat, lon, full] of shortened) {
    assert.deepEqual(rounded(plusCodePoint(code, { lat, lon })), rounded(plusCodePoint(full, STORE)), code);
  }
});

test("a plus code is found beside its town, nearest to the store", () => {
  const whole = plusCodePoint("855C84W2+XW", STORE)!;

  for (const text of ["84W2+XW Chandler, Arizona", "84w2+xw", "https://www.google.com/maps/place/84W2%2BXW+Chandler"]) {
    near(placeIn(text, STORE), whole.lat, whole.lon, text);
  }
});

function rounded(point: { lat: number; lon: number } | null): number[] {
  return [point!.lat, point!.lon].map((value) => Math.round(value * 1e8));
}
