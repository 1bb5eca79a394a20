import assert from "node:assert/strict";
import { test } from "node:test";
import type { Receipt, TakingCounter } from "./api-bring";
import { bringHref, bringOf, placesFor, shownReceipt } from "./bring";

const HESTER: TakingCounter = { number: 7, name: "Hester's Hub", site_name: "Cave Creek", city: "Cave Creek", kind: "hub", lat: 33.83, lon: -111.95 };
const TEMPE: TakingCounter = { number: 12, name: "Station desk", site_name: "Tempe Station", city: "Tempe", kind: "station", lat: 33.42, lon: -111.94 };

function receipt(id: string, change: Partial<Receipt> = {}): Receipt {
  return {
    id, counter: { number: 7, name: "Hester's Hub", timezone: "America/Phoenix" }, opened_at: "2026-11-22T16:40:00.000Z",
    ends_at: "2026-11-22T17:10:00.000Z", is_open: true, parcel_count: 0, ...change,
  };
}

test("counters are found by name, place or town, the nearest first", () => {
  const found = (typed: string, here: { lat: number; lon: number } | null) => placesFor([HESTER, TEMPE], typed, here).map(({ counter }) => counter.number);

  assert.deepEqual(found("", null), [7, 12]);
  assert.deepEqual(found("", { lat: 33.4, lon: -111.9 }), [12, 7]);
  assert.deepEqual(found(" hester", null), [7]);
  assert.deepEqual(found("TEMPE", null), [12]);
  assert.deepEqual(found("mesa", null), []);
});

test("without a place nobody knows how far a counter is", () => {
  assert.equal(placesFor([HESTER], "", null)[0]!.awayM, null);
  assert.equal(placesFor([HESTER], "", HESTER)[0]!.awayM, 0);
});

const LATER = Date.parse("2026-11-22T17:00:00.000Z");

test("what a counter takes in is shown while its visit is open, and stays after its end", () => {
  const shown = { since: LATER, seen: new Set<string>(), putAside: null };

  assert.equal(shownReceipt([receipt("vis_1", { is_open: false })], 7, shown), null);
  assert.equal(shownReceipt([receipt("vis_1")], 12, shown), null);
  assert.equal(shownReceipt([receipt("vis_1")], 7, shown)?.id, "vis_1");
  assert.equal(shownReceipt([receipt("vis_1", { is_open: false })], 7, shown)?.id, "vis_1");
});

test("a visit that began and ended while the phone had no signal is shown when it has some", () => {
  const shown = { since: LATER, seen: new Set<string>(), putAside: null };
  const meanwhile = receipt("vis_2", { is_open: false, opened_at: "2026-11-22T17:00:00.000Z" });

  assert.equal(shownReceipt([meanwhile, receipt("vis_1", { is_open: false })], 7, shown)?.id, "vis_2");
});

test("the code is shown again where it is wanted, until the next visit", () => {
  const shown = { since: LATER, seen: new Set<string>(), putAside: "vis_1" };
  const first = receipt("vis_1");

  assert.equal(shownReceipt([first], 7, shown), null);
  assert.equal(shownReceipt([receipt("vis_2"), first], 7, shown)?.id, "vis_2");
});

test("the screens have addresses below the account", () => {
  assert.deepEqual(["#/account", bringHref(), bringHref(7), "#/account/bring/x"].map(bringOf), [null, { number: null }, { number: 7 }, null]);
});
