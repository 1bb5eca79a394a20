import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeskState } from "./api";
import { find } from "./finding";
import { arrivingDriver, HANDLES, readyDelivery } from "./samples";

const cleo = readyDelivery(HANDLES.cleo, 2, { merchant_ref: "W-10293", area: "85224, 1 mi north-east", label_codes: ["N3T6RP", "0Q1ZZZ"] });
const zoe = readyDelivery(HANDLES.ann, 1, { recipient_first_name: "Zoë", driver_first_name: null, area: "85226, 2 mi north" });
const gone = readyDelivery(HANDLES.bob, 1, { recipient_first_name: "Bob", driver_first_name: "Dan", status: "delivered" });
const state = { to_pack: [zoe], ready: [cleo], gone: [gone], arriving: [arrivingDriver()] } as unknown as DeskState;
const found = (typed: string): string => find(state, typed).deliveries.map(({ recipient_first_name }) => recipient_first_name).join(" ");

test("an order is found by name, order number, ZIP code, driver and label, however it is typed", () => {
  const typed = ["cle", "ZOE", "zoë", "10293", "w-10", "85226", "dan", "n3t6rp", "N3T6", "oqizzz", "  bob  "];

  assert.deepEqual(typed.map(found), ["Cleo", "Zoë", "Zoë", "Cleo", "Cleo", "Zoë", "Bob", "Cleo", "Cleo", "Cleo", "Bob"]);
});

test("every word must fit, and nothing typed finds nothing", () => {
  assert.deepEqual(["cleo 85224", "cleo 85226", "leo", "", "   ", "xyz"].map(found), ["Cleo", "", "", "", "", ""]);
});

test("a driver is found by name, and with what he comes for", () => {
  assert.equal(find(state, "dina").drivers.length, 1);
  assert.equal(find(state, "w-10293").drivers.length, 1);
  assert.equal(find(state, "bob").drivers.length, 0);
});

test("a board of an earlier release is searched without codes", () => {
  const old = { ...state, ready: [{ ...cleo, label_codes: undefined }] } as unknown as DeskState;

  assert.equal(find(old, "n3t6rp").deliveries.length, 0);
  assert.equal(find(old, "cleo").deliveries.length, 1);
});
