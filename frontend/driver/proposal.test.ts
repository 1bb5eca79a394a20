import assert from "node:assert/strict";
import { test } from "node:test";
import type { OrderProposal } from "./api";
import { isAnswerable } from "./proposal";
import { HANDLES, dropoff, pendingStep, pickup, pickupDelivery } from "./samples";

const STOPS = [pickup("stp_1", 1, [pickupDelivery(HANDLES.maria)]), dropoff("stp_2", 2), dropoff("stp_3", 3)];
const PROPOSAL: OrderProposal = {
  id: "ord_1",
  reason: "shorter",
  about_stop_id: "stp_3",
  saved_s: 300,
  late_saved_s: 0,
  wait_s: 0,
  stop_ids: ["stp_1", "stp_3", "stp_2"],
};

const CASES = [
  { name: "nothing is done yet", pending: [], answerable: true },
  { name: "the driver stands at the counter", pending: [pendingStep("/stops/stp_1/arrive")], answerable: true },
  {
    name: "a stop of it was collected on this phone",
    pending: [pendingStep("/stops/stp_1/collect", { evidence: { kind: "short_code", text: "K7QX2M" } })],
    answerable: false,
  },
  { name: "the driver stands at a door", pending: [pendingStep("/stops/stp_2/arrive")], answerable: false },
];
for (const { name, pending, answerable } of CASES) {
  test(`another order can${answerable ? "" : "not"} be taken: ${name}`, () => assert.equal(isAnswerable(PROPOSAL, STOPS, pending), answerable));
}

test("another order cannot be taken: a stop of it has left the run", () => assert.equal(isAnswerable(PROPOSAL, STOPS.slice(0, 2), []), false));
