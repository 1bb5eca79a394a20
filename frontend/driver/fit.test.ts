/** How a run fits, in one line, and where an offer stands. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Fit } from "./api-offers";
import { fitText, lostText, secondsUntil, shiftEnd, stageOf } from "./fit";

const NOW = Date.parse("2026-11-24T18:00:00Z");
const FIT: Fit = { away_m: 3_400, vehicle_class: "car", capacity_l: 450, litres: 75, shift_until: "2026-11-24T23:00:00Z", has_block: false, misfits: [] };
const UNTIL = "2026-11-24T18:00:05Z";

test("the line says distance, vehicle and shift", () => {
  assert.equal(fitText(FIT), "2.1 mi away · fits your car · ends before your shift");
  assert.equal(fitText({ ...FIT, away_m: null, shift_until: null }), "fits your car");
  assert.equal(fitText({ ...FIT, away_m: null, shift_until: null, has_block: true }), "your block · fits your car");
  assert.equal(fitText({ ...FIT, away_m: 100, vehicle_class: "bike", misfits: ["too_large", "after_shift"], litres: 75, capacity_l: 60 }),
    "you are there · needs 75 litres, yours takes 60 · ends after your shift");
});

test("an offer is asked for while drivers are ranked, and claimed afterwards", () => {
  assert.equal(stageOf({ ranked: { until: UNTIL, is_asked: false }, fit: FIT }, NOW), "ask");
  assert.equal(stageOf({ ranked: { until: UNTIL, is_asked: true }, fit: FIT }, NOW), "asked");
  assert.equal(stageOf({ ranked: { until: UNTIL, is_asked: false }, fit: { ...FIT, misfits: ["after_shift"] } }, NOW), "later");
  assert.equal(stageOf({ ranked: null, fit: FIT }, NOW), "claim");
  assert.equal(stageOf({}, NOW), "claim");
});

test("after the window nobody asks, and who has asked waits for the answer", () => {
  const late = NOW + 6_000;
  assert.equal(stageOf({ ranked: { until: UNTIL, is_asked: false }, fit: FIT }, late), "claim");
  assert.equal(stageOf({ ranked: { until: UNTIL, is_asked: true }, fit: FIT }, late), "asked");
});

test("seconds are whole and never below nothing", () => {
  assert.equal(secondsUntil(UNTIL, NOW), 5);
  assert.equal(secondsUntil(UNTIL, NOW + 4_001), 1);
  assert.equal(secondsUntil(UNTIL, NOW + 60_000), 0);
});

test("who lost reads why", () => {
  const answer = { run_id: "run_1", site_name: "Mall", answered_at: UNTIL };
  const texts = (["block", "nearer", "waited", "gone"] as const).map((reason) => lostText({ ...answer, reason }));
  assert.equal(new Set(texts).size, 4);
  assert.equal(shiftEnd(null, "UTC"), "open end");
  assert.equal(shiftEnd("2026-11-24T21:00:00Z", "UTC"), "until 9:00 pm");
});
