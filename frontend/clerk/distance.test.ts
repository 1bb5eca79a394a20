import assert from "node:assert/strict";
import { test } from "node:test";
import { metresBetween, whereFrom } from "./distance";

const APPLE = { lat: 33.3, lon: -111.9, label: "Apple" };

test("a point lies so far in one of eight directions", () => {
  const cases: [number, number, string][] = [
    [0.03, 0, "2.1 mi north of Apple"], [0.03, 0.036, "2.9 mi north-east of Apple"], [0, 0.03, "1.7 mi east of Apple"],
    [-0.03, 0.036, "2.9 mi south-east of Apple"], [-0.03, 0, "2.1 mi south of Apple"], [-0.03, -0.036, "2.9 mi south-west of Apple"],
    [0, -0.03, "1.7 mi west of Apple"], [0.03, -0.036, "2.9 mi north-west of Apple"], [0.03, 0.004, "2.1 mi north of Apple"],
  ];
  for (const [north, east, words] of cases) {
    assert.equal(whereFrom(APPLE, { lat: APPLE.lat + north, lon: APPLE.lon + east }), words);
  }
});

test("a hundredth of a degree of latitude is 1112 metres", () => {
  assert.equal(Math.round(metresBetween(APPLE, { lat: 33.31, lon: -111.9 })), 1112);
});
