import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../lib/api";
import { type DeliveryDraft, doorErrors, draftErrors, emptyDoor, emptyDraft, minorUnits, placeChange, placeCommand, streetChange, withoutErrorsOf } from "./draft";
import { draftFrom, errorsFrom } from "./draft-answers";
import { routeOf } from "./route";
import { enrolmentCode } from "./session";

const NOW = Date.parse("2026-07-01T21:00:00Z");
const STORE = { timezone: "America/Phoenix", currency: "USD" };
const full: DeliveryDraft = {
  ...emptyDraft(), recipient_name: " Cleo Waits ", phone: "+1 (480) 555-0100", street: "2453 E Westwind Dr", city: "Chandler",
  postal_code: "85249", point: { lat: 33.26, lon: -111.82 }, parcel_count: 2, value: "49.90",
};
const problem = (change: Partial<Problem>) => ({ code: "invalid_input", detail: "Detail.", next_step: "Next.", ...change }) as Problem;

test("an empty form names everything that is missing", () => {
  assert.deepEqual(Object.keys(draftErrors(emptyDraft(), NOW, STORE)), ["recipient_name", "phone", "street", "city", "postal_code", "point"]);
});

test("a full form becomes the command, ready in twenty minutes and brought within two hours", () => {
  assert.deepEqual(draftErrors(full, NOW, STORE), {});
  const command = placeCommand(full, NOW, STORE);

  assert.equal(command.recipient_name, "Cleo Waits");
  assert.equal(command.ready_at, "2026-07-01T21:20:00.000Z");
  assert.deepEqual([command.window_from, command.window_until], ["2026-07-01T21:20:00.000Z", "2026-07-01T23:20:00.000Z"]);
  assert.equal(command.value_minor, 4990);
});

test("a window that has passed, a missing time and a wrong amount are told", () => {
  const wrong = { ...full, window: "2026-07-01T18:00:00.000Z", window_until: "2026-07-01T20:00:00.000Z", ready: "at" as const, value: "a lot" };

  assert.deepEqual(Object.keys(draftErrors(wrong, NOW, STORE)), ["ready", "window", "value"]);
});

test("amounts are read as people type them", () => {
  const cases: [string, string, number | null | undefined][] = [
    ["", "USD", null], ["12", "USD", 1200], ["$12.40", "USD", 1240], ["12,4", "EUR", 1240], ["500", "JPY", 500], ["1.2.3", "USD", undefined], ["x", "USD", undefined],
    ["1,234.50", "USD", 123450], ["$1,234", "USD", 123400], ["1.234,5", "EUR", 123450], ["1,234,567", "USD", 123456700], ["12.", "USD", 1200],
    ["1,234,50", "USD", undefined], ["1.234,567.8", "USD", undefined], ["12345678", "USD", undefined], ["1,23,4", "USD", undefined],
  ];

  for (const [text, currency, minor] of cases) assert.equal(minorUnits(text, currency), minor, text);
});

test("the server's remarks land at the fields that people see", () => {
  const errors = [{ loc: "body.lat", msg: "too far" }, { loc: "window_until", msg: "too late" }, { loc: "surprise", msg: "unknown" }];

  assert.deepEqual(errorsFrom(problem({ errors })), { point: "too far", window: "too late", "": "unknown" });
  assert.deepEqual(errorsFrom(problem({ code: "address_outside" })), { point: "Detail. Next." });
  assert.deepEqual(errorsFrom(problem({ code: "address_not_in_time" })), { point: "Detail. Next." });
  assert.deepEqual(errorsFrom(problem({})), { "": "Detail. Next." });
});

test("an address needs street, city, ZIP code and a point, and no unit", () => {
  const { street, unit, city, postal_code, point, point_street } = full;
  const door = { street, unit, city, postal_code, point, point_street };

  assert.deepEqual(Object.keys(doorErrors(emptyDoor())), ["street", "city", "postal_code", "point"]);
  assert.deepEqual(doorErrors({ ...door, unit: "" }), {});
});

test("an error goes when its field is changed", () => {
  assert.deepEqual(withoutErrorsOf({ ready: "x", window: "y", street: "z" }, { ready_time: "10:00", street: "a" }), { window: "y" });
});

test("a refused delivery comes back into the form as it was", () => {
  const command = placeCommand(full, NOW, STORE);

  const again = draftFrom(command, NOW, STORE);

  assert.deepEqual(placeCommand(again, NOW, STORE), command);
});

test("a refused delivery of tomorrow comes back for tomorrow", () => {
  const command = placeCommand({ ...full, window: "hand", hand: { day: 1, from: "09:00", until: "11:00" } }, NOW, STORE);

  assert.deepEqual(placeCommand(draftFrom(command, NOW, STORE), NOW, STORE), command);
});

test("a typed street takes away the point of the suggestion before it, and no other", () => {
  const suggested = { ...emptyDraft(), ...placeChange({ street: "1245 W Chandler Blvd", city: "Chandler", postal_code: "85224", lat: 33.3, lon: -111.9, near: [] }) };
  const byHand = { ...suggested, point_street: "" };

  assert.deepEqual(streetChange(suggested, "350 S Dobson Rd"), { street: "350 S Dobson Rd", point: null, point_street: "" });
  assert.deepEqual(streetChange(suggested, "1245 w chandler blvd, back"), { street: "1245 w chandler blvd, back" });
  assert.deepEqual(streetChange(byHand, "350 S Dobson Rd"), { street: "350 S Dobson Rd" });
});

test("nothing is left at a door that asks for a PIN", () => {
  const left = (proof: DeliveryDraft["proof"]) => placeCommand({ ...full, leave_at_door: true, proof }, NOW, STORE).leave_at_door;

  assert.deepEqual([left("photo"), left("none"), left("pin")], [true, true, false]);
});

test("enrolment codes are read from an address, a scan or a tired hand", () => {
  for (const text of ["K7F2-M9QX", " k7f2 m9qx ", "https://mallrun.example/desk/#code=K7F2M9QX", "#code=K7F2M9QX"]) {
    assert.equal(enrolmentCode(text), "K7F2M9QX");
  }
});

test("an unknown address opens the counter", () => {
  assert.deepEqual(routeOf("#/handover/run_a"), { screen: "handover", id: "run_a" });
  assert.deepEqual(routeOf("#/address/dlv_a"), { screen: "address", id: "dlv_a" });
  for (const hash of ["", "#/", "#/nowhere", "#/handover", "#/handover/<b>"]) assert.deepEqual(routeOf(hash), { screen: "board" });
});
