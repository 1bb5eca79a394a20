import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { clockTime, clockWindow, datedTime, datedWindow, dateText, dayText, distance, minutes, money, relativeTime } from "./format";
import { loadMessages } from "./i18n";

const PHOENIX = "America/Phoenix";

afterEach(() => loadMessages("en"));

test("times are in the site's zone, as people say them", () => {
  assert.equal(clockTime("2026-11-22T23:10:00.000Z", PHOENIX), "4:10 pm");
  assert.equal(clockTime("2026-11-22T23:10:00.000Z", "America/New_York"), "6:10 pm");
});

test("a window names the half of the day once, unless it changes", () => {
  assert.equal(clockWindow("2026-11-22T23:10:00Z", "2026-11-22T23:25:00Z", PHOENIX), "4:10–4:25 pm");
  assert.equal(clockWindow("2026-11-22T18:50:00Z", "2026-11-22T19:05:00Z", PHOENIX), "11:50 am–12:05 pm");
});

test("a window in a language with 24 hours has no half", async () => {
  await loadMessages("es-ES", async () => ({}));

  assert.equal(clockWindow("2026-11-22T23:10:00Z", "2026-11-22T23:25:00Z", PHOENIX), "16:10–16:25");
});

test("days are short", () => {
  assert.equal(dayText("2026-11-23T03:00:00Z", PHOENIX), "Sun, Nov 22");
  assert.equal(dateText("2026-11-22"), "Sun, Nov 22");
});

test("distances are feet and miles in the United States", () => {
  assert.deepEqual([0, 12, 150, 1_300, 15_900, 16_093, 25_000].map(distance), ["50 ft", "50 ft", "500 ft", "0.8 mi", "9.9 mi", "10 mi", "16 mi"]);
});

test("distances are metric elsewhere", async () => {
  await loadMessages("es-MX", async () => ({}));

  assert.deepEqual([12, 300, 1_234].map(distance), ["10 m", "300 m", "1.2 km"]);
});

test("spans are minutes, then hours", () => {
  assert.deepEqual([0, 10, 720, 3_600, 4_800].map(minutes), ["0 min", "1 min", "12 min", "1 h", "1 h 20 min"]);
});

test("relative times say which way", () => {
  const now = Date.parse("2026-11-22T18:00:00Z");
  const texts = ["2026-11-22T18:12:00Z", "2026-11-22T18:00:20Z", "2026-11-22T17:55:00Z"].map((at) => relativeTime(at, now));
  assert.deepEqual(texts, ["in 12 min", "now", "5 min ago"]);
});

test("a currency of letters stands apart from its digits, as the server writes it", async () => {
  await loadMessages("es-MX", async () => ({}));

  assert.deepEqual([70, 4_436].map((amount_minor) => money({ amount_minor, currency: "USD" })), ["USD\u00a00.70", "USD\u00a044.36"]);
});

test("money knows its currency's minor units", () => {
  assert.equal(money({ amount_minor: 1240, currency: "USD" }), "$12.40");
  assert.equal(money({ amount_minor: 1240, currency: "JPY" }), "¥1,240");
});

test("a time of another day carries its day, as the place's own calendar counts them", () => {
  const lateInPhoenix = Date.parse("2026-11-23T05:00:00Z");
  const instant = "2026-11-23T16:00:00Z";

  assert.equal(datedTime(instant, lateInPhoenix, PHOENIX), "Mon, Nov 23, 9:00 am");
  assert.equal(datedTime(instant, lateInPhoenix + 3 * 3_600_000, PHOENIX), "9:00 am");
  assert.equal(datedWindow({ from: instant, until: "2026-11-23T18:00:00Z" }, lateInPhoenix, PHOENIX), "Mon, Nov 23, 9:00–11:00 am");
});
