import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReturnStop } from "./api";
import { dropoff, HANDLES, pickup, pickupDelivery, runOf } from "./samples";
import { skippedWord, storeBefore, unitWords, whatOf } from "./stop-words";

function giveBack(seq: number): ReturnStop {
  const { store } = pickup(`back_${seq}`, seq, []);
  return {
    id: `stp_${seq}`, seq, kind: "return", status: "ahead", planned_at: "", arrived_at: null, done_at: null, store, drive_s: 600, distance_m: 5_000,
    deliveries: [pickupDelivery(HANDLES.maria, 2)],
  };
}

test("a door says its street, and without one only its parcels", () => {
  const door = dropoff("stp_1", 1);

  assert.equal(whatOf(door), "1 Main St, 1 parcel");
  assert.equal(whatOf({ ...door, delivery: { ...door.delivery, street: "" } }), "1 parcel");
  assert.equal(whatOf(pickup("stp_2", 2, [pickupDelivery(HANDLES.ann)])), "Collect 1 parcel");
  assert.equal(whatOf(giveBack(3)), "Give back 2 parcels");
});

test("a unit gets a word only when it has none", () => {
  const bare = ["12", "4B", "#7", "B", " 110 "].map(unitWords);
  assert.deepEqual(bare, ["Unit 12", "Unit 4B", "Unit #7", "Unit B", "Unit 110"]);
  for (const whole of ["Apt 12", "Unit B", "Suite 204", "Tower 2, 17th floor", "Penthouse"]) assert.equal(unitWords(whole), whole);
});

test("a door that was passed says why", () => {
  const { delivery } = dropoff("stp_1", 1);
  const words = ["cancelled", "enroute_to_return", "returned"].map((status) => skippedWord({ ...dropoff("stp_1", 1), delivery: { ...delivery, status } }));

  assert.deepEqual(words, ["Cancelled", "Not delivered", "Not delivered"]);
});

test("a store is driven to from a door, and walked to from a store", () => {
  const stops = [pickup("stp_1", 1, []), dropoff("stp_2", 2), giveBack(3), giveBack(4)];

  assert.deepEqual(stops.map((stop) => storeBefore(stop, runOf(stops))?.id), [undefined, undefined, undefined, "stp_3"]);
  assert.equal(storeBefore(stops[0]!, runOf([...stops, pickup("stp_0", 0, [])]))?.id, "stp_0");
});
