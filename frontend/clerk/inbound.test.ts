import assert from "node:assert/strict";
import { test } from "node:test";
import { encode } from "../lib/tokens";
import type { DeskParcel } from "./api";
import { bayOf, carrierCode, findParcel, parcelsNow, shelvesOf, waveOf } from "./inbound";
import { HANDLES } from "./samples";

const LEAVES = "2026-11-22T18:15:00.000Z";

function parcel(change: Partial<DeskParcel> = {}): DeskParcel {
  return {
    delivery_id: "dlv_1", handle: HANDLES.cleo, number: 1, of: 2, carrier_ref: "UPS1", merchant_ref: null,
    recipient_first_name: "Cleo", area: "Chandler", run_id: "run_1", is_in: false, place: null, ...change,
  };
}

const WAVES = [{ leaves_at: LEAVES, runs: [{ run_id: "run_1", bay: 3, driver_first_name: null }] }];

function label(handle: string, n: number): string {
  return encode({ kind: "label", handle, n, of: 2 }, new Uint8Array(12));
}

function keptStep(path: string, body: Record<string, unknown> = {}) {
  return { commandId: "1", path, body, occurredAt: LEAVES } as never;
}

test("a label names its own parcel", () => {
  const both = [parcel(), parcel({ number: 2 })];
  assert.deepEqual(findParcel(label(HANDLES.cleo, 2), both), { parcel: both[1] });
});

test("a label of another place, another of our codes and a damaged one name none", () => {
  assert.deepEqual(findParcel(label(HANDLES.bob, 1), [parcel()]), { code: "parcel_unknown" });
  assert.deepEqual(findParcel("MP1:ABC", [parcel()]), { code: "code_damaged" });
  assert.deepEqual(findParcel("", [parcel({ carrier_ref: null })]), { code: "parcel_unknown" });
});

test("a carrier's code means the next parcel that is not in, however it is typed", () => {
  const [first, second] = [parcel({ is_in: true }), parcel({ number: 2 })];
  assert.equal(carrierCode(" ups-1 "), "UPS1");
  assert.deepEqual(findParcel("ups 1", [first, second]), { parcel: second });
  assert.deepEqual(findParcel("ups 1", [first]), { parcel: first });
});

test("steps that are kept on the device count already", () => {
  const state = { parcels: [parcel(), parcel({ number: 2 })], waves: [] };
  const pending = [keptStep("/parcels/dlv_1/1/take-in", { text: "x" }), keptStep("/parcels/dlv_1/1/shelve", { place: "A1" }), keptStep("/handovers")];
  const [first, second] = parcelsNow(state, { pending });
  assert.deepEqual([first!.is_in, first!.place, first!.is_kept], [true, "A1", true]);
  assert.deepEqual([second!.is_in, second!.place], [false, null]);
});

test("a parcel that was sorted without signal lies in its run's bay", () => {
  const [only] = parcelsNow({ parcels: [parcel()], waves: WAVES }, { pending: [keptStep("/parcels/dlv_1/1/sort")] });
  assert.deepEqual([only!.is_in, only!.place], [true, "3"]);
});

test("a parcel's bay and wave are its run's", () => {
  assert.equal(bayOf({ waves: WAVES }, parcel()), 3);
  assert.equal(waveOf({ waves: WAVES }, parcel()), LEAVES);
  assert.equal(bayOf({ waves: WAVES }, parcel({ run_id: null })), null);
});

test("the shelf used last is offered first", () => {
  const parcels = [parcel({ place: "B2" }), parcel({ place: "A1" }), parcel({ place: "A1" })];
  assert.deepEqual(shelvesOf(parcels, "C3"), ["C3", "A1", "B2"]);
  assert.deepEqual(shelvesOf(parcels, "B2"), ["B2", "A1"]);
  assert.deepEqual(shelvesOf(parcels, null), ["A1", "B2"]);
});
