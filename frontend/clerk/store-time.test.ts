import assert from "node:assert/strict";
import { test } from "node:test";
import { instantAt, instantOn, nextInstant, nextWindows, soonest, timeValue, windowByHand } from "./store-time";

const TYSONS = "America/New_York";
const PHOENIX = "America/Phoenix";
const at = (iso: string): number => Date.parse(iso);
const wall = (year: number, month: number, day: number, hour: number, minute = 0) => ({ year, month, day, hour, minute });
const hours = (spans: readonly { from: string; until: string }[], timezone: string) =>
  spans.map(({ from, until }) => `${timeValue(at(from), timezone)}-${timeValue(at(until), timezone)}`);

test("a wall clock's time is an instant in summer, in winter and without either", () => {
  assert.equal(instantAt(wall(2026, 7, 1, 14, 5), TYSONS), at("2026-07-01T18:05:00Z"));
  assert.equal(instantAt(wall(2026, 12, 1, 14, 5), TYSONS), at("2026-12-01T19:05:00Z"));
  assert.equal(instantAt(wall(2026, 7, 1, 14, 5), PHOENIX), at("2026-07-01T21:05:00Z"));
});

test("days run over the ends of months and years", () => {
  assert.equal(instantAt(wall(2026, 12, 32, 9), TYSONS), at("2027-01-01T14:00:00Z"));
});

test("a skipped time in spring moves on, a doubled one in autumn is its first", () => {
  // 2026-03-08 02:00 -> 03:00 and 2026-11-01 02:00 -> 01:00.
  assert.equal(instantAt(wall(2026, 3, 8, 2, 30), TYSONS), at("2026-03-08T07:30:00Z"));
  assert.equal(timeValue(at("2026-03-08T07:30:00Z"), TYSONS), "03:30");
  assert.equal(instantAt(wall(2026, 11, 1, 1, 30), TYSONS), at("2026-11-01T05:30:00Z"));
});

test("windows begin at even hours after the parcels are ready", () => {
  const now = at("2026-07-01T17:10:00Z"); // 1:10 pm

  assert.deepEqual(hours(nextWindows(now + 20 * 60_000, now, TYSONS), TYSONS), ["14:00-16:00", "16:00-18:00", "18:00-20:00", "20:00-22:00"]);
  assert.deepEqual(hours(nextWindows(at("2026-07-01T18:00:00Z"), now, TYSONS), TYSONS)[0], "14:00-16:00");
});

test("on the day the clocks change windows keep their hours on the wall", () => {
  const spring = nextWindows(at("2026-03-08T06:00:00Z"), at("2026-03-08T06:00:00Z"), TYSONS); // 1 am, an hour before the change

  assert.deepEqual(hours(spring, TYSONS), ["08:00-10:00", "10:00-12:00", "12:00-14:00", "14:00-16:00"]);
  assert.equal(spring[0]!.from, "2026-03-08T12:00:00.000Z");
});

test("near midnight the windows are tomorrow's, of the store and not of UTC", () => {
  const now = at("2026-07-02T03:55:00Z"); // 11:55 pm on July 1

  const windows = nextWindows(now + 20 * 60_000, now, TYSONS);

  assert.equal(windows[0]!.from, "2026-07-02T12:00:00.000Z");
  assert.equal(windows.length, 4);
});

test("as soon as possible is two hours from the next full five minutes", () => {
  assert.deepEqual(soonest(at("2026-07-02T03:51:20Z")), { from: "2026-07-02T03:55:00.000Z", until: "2026-07-02T05:55:00.000Z" });
});

test("a time on the clock is the next one, just past counts as now", () => {
  const now = at("2026-07-02T03:55:30Z"); // 11:55:30 pm

  assert.equal(nextInstant("23:55", now, TYSONS), at("2026-07-02T03:55:00Z"));
  assert.equal(nextInstant("00:10", now, TYSONS), at("2026-07-02T04:10:00Z"));
  assert.equal(nextInstant("23:50", now, TYSONS), at("2026-07-03T03:50:00Z"));
  assert.equal(nextInstant("24:00", now, TYSONS), null);
  assert.equal(instantOn(1, "09:30", now, TYSONS), at("2026-07-02T13:30:00Z"));
});

test("a window by hand may pass midnight and must be complete", () => {
  const now = at("2026-07-01T17:10:00Z");

  assert.deepEqual(windowByHand(0, "23:00", "01:00", now, TYSONS), { from: "2026-07-02T03:00:00.000Z", until: "2026-07-02T05:00:00.000Z" });
  assert.deepEqual(windowByHand(1, "09:00", "10:30", now, TYSONS), { from: "2026-07-02T13:00:00.000Z", until: "2026-07-02T14:30:00.000Z" });
  assert.equal(windowByHand(0, "", "10:30", now, TYSONS), null);
});
