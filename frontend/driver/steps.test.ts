import assert from "node:assert/strict";
import { test } from "node:test";
import { encode } from "../lib/tokens";
import { FINISHED, HANDLES, dropoff, pendingStep, pickup, pickupDelivery, runOf, stateOf } from "./samples";
import { counterOf, currentStop, homeOf, isCancelled, markOf, pinTriesLeft, remainingAt, stepOf, titleOf, waysOf } from "./steps";

const NOBODY = markOf("none", []);

function releaseOf(...handles: string[]): string {
  const deliveries = handles.map((handle) => ({ handle, parcels: 1 }));
  const zeros = "0".repeat(16);
  return encode({ kind: "release", kid: 1, iat: 0, anchor: zeros, nonce: zeros, clerk: 1, driverKid: 7, deliveries }, new Uint8Array(64));
}

const HOMES = [
  { name: "a run comes before everything", state: stateOf({ run: runOf([]), last_finished: FINISHED }), ended: "run_0", home: "run" },
  { name: "earnings are shown once after the last stop", state: stateOf({ last_finished: FINISHED }), ended: "run_0", home: "finished" },
  { name: "earnings that were read lead back to the offers", state: stateOf({ last_finished: FINISHED }), ended: null, home: "offers" },
  { name: "off duty asks where to drive", state: stateOf({ me: { ...stateOf().me, on_duty: false } }), ended: null, home: "duty" },
  { name: "an unapproved driver waits", state: stateOf({ me: { ...stateOf().me, is_approved: false } }), ended: null, home: "not_approved" },
];
for (const { name, state, ended, home } of HOMES) test(name, () => assert.equal(homeOf(state, ended), home));

test("an arrival on this phone opens the collection before the server knows", () => {
  const stop = pickup("stp_1", 1, [pickupDelivery(HANDLES.maria)]);

  assert.equal(stepOf(stop, NOBODY), "go");
  assert.equal(stepOf(stop, markOf("stp_1", [pendingStep("/stops/stp_1/arrive")])), "collect");
  assert.equal(stepOf(stop, markOf("stp_1", [pendingStep("/stops/stp_2/arrive")])), "go");
});

test("a code for some of the parcels leaves the stop open for the rest", () => {
  const stop = pickup("stp_1", 1, [pickupDelivery(HANDLES.maria), pickupDelivery(HANDLES.jose)]);
  const evidence = { kind: "release_code", text: releaseOf(HANDLES.maria) };
  const mark = markOf("stp_1", [pendingStep("/stops/stp_1/arrive"), pendingStep("/stops/stp_1/collect", { evidence })]);

  assert.deepEqual(remainingAt(stop, mark).map(({ handle }) => handle), [HANDLES.jose]);
  assert.equal(stepOf(stop, mark), "collect");
  assert.equal(titleOf(stop, mark), "Collect 1 parcel at Store 1, Level 1");
});

test("an unsent short code stands for all parcels of the stop", () => {
  const stop = pickup("stp_1", 1, [pickupDelivery(HANDLES.maria), pickupDelivery(HANDLES.jose)]);
  const mark = markOf("stp_1", [pendingStep("/stops/stp_1/collect", { evidence: { kind: "short_code", text: "K7QX2M" } })]);

  assert.equal(stepOf(stop, mark), "kept");
});

test("collected and cancelled deliveries are not asked for again", () => {
  const collected = { ...pickupDelivery(HANDLES.maria), verification: "E2" as const };
  const cancelled = { ...pickupDelivery(HANDLES.jose), status: "cancelled" };

  assert.deepEqual(remainingAt(pickup("stp_1", 1, [collected, cancelled]), NOBODY), []);
});

test("a door's parcels are at their counter until this phone or the server has them", () => {
  const maria = pickupDelivery(HANDLES.maria);
  const run = runOf([pickup("stp_1", 1, [maria]), dropoff("stp_3", 3)]);
  const collected = pendingStep("/stops/stp_1/collect", { evidence: { kind: "assertion", reason: "x" } });

  assert.equal(counterOf(HANDLES.maria, run, [])?.id, "stp_1");
  assert.equal(counterOf(HANDLES.maria, run, [collected]), null);
  assert.equal(counterOf(HANDLES.maria, runOf([pickup("stp_1", 1, [{ ...maria, verification: "E2" }])]), []), null);
});

test("the run goes on past stops that are done on this phone", () => {
  const run = runOf([dropoff("stp_3", 3), pickup("stp_1", 1, [pickupDelivery(HANDLES.maria)])]);
  const collected = pendingStep("/stops/stp_1/collect", { evidence: { kind: "assertion", reason: "x" } });

  assert.equal(currentStop(run, [])?.id, "stp_1");
  assert.equal(currentStop(run, [collected])?.id, "stp_3");
  assert.equal(currentStop(run, [collected, pendingStep("/stops/stp_3/fail")]), null);
});

test("a title says the one thing to do", () => {
  const stop = dropoff("stp_3", 3);
  const atDoor = { ...stop, status: "arrived" as const };

  assert.equal(titleOf(stop, NOBODY), "Bring 1 parcel to Maria");
  assert.equal(titleOf(atDoor, NOBODY), "Hand 1 parcel to Maria");
  assert.equal(titleOf({ ...atDoor, delivery: { ...stop.delivery, leave_at_door: true } }, NOBODY), "Leave 1 parcel at Maria’s door");
});

test("a counter where all was cancelled has nothing to collect", () => {
  const called = { ...pickupDelivery(HANDLES.maria), status: "cancelled" as const };
  const collected = { ...pickupDelivery(HANDLES.jose), verification: "E1" as const };
  const stop = pickup("stp_1", 1, [called]);

  assert.equal(isCancelled(stop), true);
  assert.equal(titleOf(stop, NOBODY), "Nothing to collect at Store 1");
  assert.equal(isCancelled(pickup("stp_1", 1, [called, collected])), false);
  assert.equal(titleOf(pickup("stp_1", 1, [called, collected]), NOBODY), "Collected at Store 1");
  assert.equal(isCancelled(dropoff("stp_3", 3)), false);
});

test("a locked PIN asks for a photo", () => {
  assert.deepEqual(waysOf({ proof: "pin", pin_tries_left: 1 }), ["pin", "code"]);
  assert.deepEqual(waysOf({ proof: "pin", pin_tries_left: 0 }), ["photo", "code"]);
  assert.deepEqual(waysOf({ proof: "none", pin_tries_left: 5 }), ["confirm"]);
});

test("three PINs may wait to be checked, and none beyond what the customer's delivery has left", () => {
  const { delivery } = dropoff("stp_3", 3);
  const pin = () => pendingStep("/stops/stp_3/deliver", { evidence: { kind: "pin" } });
  const left = (tries: number, waiting: number) => pinTriesLeft({ ...delivery, pin_tries_left: tries }, markOf("stp_3", Array.from({ length: waiting }, pin)));

  assert.deepEqual([left(5, 0), left(5, 2), left(5, 3), left(2, 1), left(1, 1), left(0, 0)], [3, 1, 0, 1, 0, 0]);
});
