import assert from "node:assert/strict";
import { test } from "node:test";
import { ageText, isMapWorthDrawing, metresBetween, positionText, visibleFix } from "./position";
import type { TrackingState } from "./api";

const NOON = Date.parse("2026-11-21T19:00:00.000Z");
const at = (secondsAgo: number): string => new Date(NOON - secondsAgo * 1_000).toISOString();
const fix = (secondsAgo: number) => ({ lat: 33.31, lon: -111.88, accuracy_m: 12, at: at(secondsAgo) });
const message = (secondsAgo: number) => ({ v: 1 as const, ...fix(secondsAgo) });
const sight = (facts: object) => ({ position: null, position_allowed: true, is_final: false, server_time: at(0), ...facts });
const state = (facts: object = {}) =>
  ({ ...sight({}), driver: { first_name: "Dina", vehicle: "" }, dropoff: { lat: 33.32, lon: -111.88 }, ...facts }) as TrackingState;

test("the newest of state and message is shown", () => {
  assert.equal(visibleFix(sight({ position: fix(30) }), message(5))?.at, at(5));
  assert.equal(visibleFix(sight({ position: fix(5) }), message(30))?.at, at(5));
  assert.equal(visibleFix(sight({ position: fix(5) }), null)?.at, at(5));
});

test("nothing is shown where the driver may not be seen, whatever was heard", () => {
  assert.equal(visibleFix(sight({ position: fix(1), position_allowed: false }), message(1)), null);
  assert.equal(visibleFix(sight({ position: fix(1), is_final: true }), message(1)), null);
});

test("a message that the server would no longer repeat is forgotten", () => {
  assert.equal(visibleFix(sight({}), message(121)), null);
  assert.equal(visibleFix(sight({}), message(119))?.at, at(119));
});

test("a position says its age from one minute on", () => {
  assert.equal(ageText(at(60), NOON), null);
  assert.equal(ageText(at(61), NOON), "Position is 1 min old.");
  assert.equal(ageText(at(125), NOON), "Position is 2 min old.");
  assert.equal(ageText(at(-5), NOON), null);
});

test("the line below the map says where the driver is, or why nobody is seen", () => {
  assert.equal(positionText(state(), fix(5), NOON), "Dina is 0.7 mi away in a straight line.");
  assert.equal(positionText(state(), fix(100), NOON), "Dina is 0.7 mi away in a straight line. Position is 2 min old.");
  assert.equal(positionText(state(), null, NOON), "The position of Dina is not known right now.");
  assert.equal(positionText(state({ position_allowed: false }), null, NOON), "The map shows Dina when you are the next stop.");
  assert.equal(positionText(state({ is_final: true }), null, NOON), "");
});

test("a map is drawn only between store and door", () => {
  assert.deepEqual(
    ["created", "enroute_to_pickup", "picked_up", "enroute_to_dropoff", "arrived_at_dropoff", "delivered"].filter((status) =>
      isMapWorthDrawing({ status }),
    ),
    ["picked_up", "enroute_to_dropoff"],
  );
});

test("a minute of latitude is a nautical mile", () => {
  assert.equal(Math.round(metresBetween({ lat: 0, lon: 10 }, { lat: 1 / 60, lon: 10 }) / 10), 185);
});
