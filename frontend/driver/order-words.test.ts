/** Why another order of stops is better, in words. */
import assert from "node:assert/strict";
import test from "node:test";
import type { OrderProposal } from "./api";
import { reasonText, savedText, shortPlace } from "./order-words";
import { dropoff, pickup } from "./samples";

const PROPOSAL: OrderProposal = { id: "ord_1", reason: "not_ready", about_stop_id: "a", saved_s: 540, late_saved_s: 0, wait_s: 1_080, stop_ids: ["b", "a"] };
const STORE = pickup("a", 1, []);
const DOOR = dropoff("d", 2);

test("a store that is not ready is named with its wait", () => {
  assert.equal(reasonText(PROPOSAL, STORE), "Store 1 is not ready for about 18 min.");
  assert.equal(savedText(PROPOSAL), "You are through 9 min earlier.");
});

test("a window at risk may cost time, and that is said", () => {
  const late: OrderProposal = { ...PROPOSAL, reason: "window", saved_s: -180, late_saved_s: 600 };
  assert.equal(reasonText(late, DOOR), "1 Main St would be late. In the new order it is 10 min less late in all.");
  assert.equal(savedText(late), "It takes you 3 min longer; further miles are paid.");
});

test("a shorter way says where it begins", () => {
  assert.equal(reasonText({ ...PROPOSAL, reason: "shorter" }, DOOR), "The way is shorter if 1 Main St comes first.");
  assert.equal(savedText({ ...PROPOSAL, saved_s: 20 }), "");
  assert.equal(shortPlace(STORE), "Store 1");
});
