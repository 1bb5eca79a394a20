import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeptStep } from "../lib/outbox-contract";
import { encode, type Presence, ticketSetOf } from "../lib/tokens";
import type { Visit } from "./api";
import { HANDLES } from "./samples";
import { BRINGS, endPath, isSameVisit, phonesCode, refuseCarrier, VISITS, visitNow } from "./visit";

const OPENED = "2026-11-22T18:00:00.000Z";
const NOW = Date.parse(OPENED);
const MINUTE = 60_000;
const CODE: Presence = {
  kind: "presence", kid: 77, iat: NOW / 1_000, anchor: "0000000000000000", nonce: "0011223344556677", store: 81, ticketSet: BRINGS,
};
const TEXT = encode(CODE, new Uint8Array(64));
const VISIT: Visit = {
  id: "vis_1", phone_kid: 77, opened_at: OPENED, ends_at: "2026-11-22T18:30:00.000Z", parcel_count: 2,
  driver: { person_id: "per_dina", first_name: "Dina", photo_url: null, vehicle: "Blue Prius" },
};

function kept(path: string, body: Record<string, unknown> = {}, commandId = "step"): KeptStep {
  return { commandId, path, body, occurredAt: OPENED };
}

test("only a phone's own code says that somebody brings parcels", () => {
  const label = encode({ kind: "label", handle: HANDLES.cleo, n: 1, of: 1 }, new Uint8Array(12));

  assert.equal(phonesCode(TEXT)?.kid, 77);
  assert.deepEqual([label, "MP1:ABC", "1Z999"].map(phonesCode), [null, null, null]);
});

test("a code that opens no visit says why, also without signal", async () => {
  const refusal = (change: Partial<Presence>) => refuseCarrier({ ...CODE, ...change }, 81, NOW / 1_000);

  assert.equal(BRINGS, await ticketSetOf([]));
  assert.equal(refusal({}), null);
  assert.equal(refusal({ store: 82 }), "carrier_elsewhere");
  assert.equal(refusal({ ticketSet: await ticketSetOf([HANDLES.cleo]) }), "carrier_collects");
  assert.equal(refusal({ iat: CODE.iat - 61 }), "driver_code_old");
  assert.equal(refusal({ iat: CODE.iat + 31 }), "code_from_future");
});

test("parcels whose step is kept here count already", () => {
  const pending = [kept("/parcels/dlv_1/1/take-in", { text: "x", visit_id: "vis_1" }), kept("/parcels/dlv_2/1/take-in", { text: "y", visit_id: null })];

  assert.equal(visitNow({ visit: VISIT }, pending, NOW)?.parcelCount, 3);
});

test("a visit is over after its time, and gone once somebody has ended it", () => {
  assert.equal(visitNow({ visit: VISIT }, [], Date.parse(VISIT.ends_at) - 1)?.isOpen, true);
  assert.equal(visitNow({ visit: VISIT }, [], Date.parse(VISIT.ends_at))?.isOpen, false);
  assert.equal(visitNow({ visit: VISIT }, [kept(endPath("vis_1"))], NOW), null);
  assert.equal(visitNow({ visit: null }, [], NOW), null);
});

test("a phone that was scanned without signal is somebody without a name, called as the step is", () => {
  const opening = kept(VISITS, { text: TEXT }, "cmd_1");
  const taken = kept("/parcels/dlv_1/1/take-in", { text: "x", visit_id: "cmd_1" });

  const found = visitNow({ visit: VISIT }, [opening, taken], NOW);

  assert.deepEqual(found, { id: "cmd_1", phoneKid: 77, driver: null, openedAt: NOW, isOpen: true, parcelCount: 1 });
  assert.equal(visitNow({ visit: null }, [opening], NOW + 30 * MINUTE)?.isOpen, false);
  assert.equal(visitNow({ visit: VISIT }, [opening, kept(endPath("cmd_1"))], NOW), null);
});

test("a phone that stays in the picture is one visit, and another begins after a while", () => {
  const found = visitNow({ visit: VISIT }, [], NOW);

  assert.equal(isSameVisit(found, CODE, NOW + 15 * MINUTE - 1), true);
  assert.equal(isSameVisit(found, CODE, NOW + 15 * MINUTE), false);
  assert.equal(isSameVisit(found, { ...CODE, kid: 78 }, NOW), false);
  assert.equal(isSameVisit(null, CODE, NOW), false);
});

test("a state that was kept before visits has none", () => {
  assert.equal(visitNow({} as { visit: null }, [], NOW), null);
});
