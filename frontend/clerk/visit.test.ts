import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeptStep } from "../lib/outbox-contract";
import { encode } from "../lib/tokens";
import type { Visit } from "./api";
import { HANDLES } from "./samples";
import { endPath, isPhonesCode, visitNow } from "./visit";

const OPENED = "2026-11-22T18:00:00.000Z";
const NOW = Date.parse(OPENED);
const VISIT: Visit = {
  id: "vis_1", opened_at: OPENED, ends_at: "2026-11-22T18:30:00.000Z", parcel_count: 2,
  driver: { person_id: "per_dina", first_name: "Dina", photo_url: null, vehicle: "Blue Prius" },
};

function kept(path: string, body: Record<string, unknown> = {}): KeptStep {
  return { commandId: "1", path, body, occurredAt: OPENED };
}

test("only a phone's own code says that somebody brings parcels", () => {
  const header = { kid: 1, iat: 1, anchor: "0000000000000000", nonce: "0011223344556677" };
  const presence = encode({ kind: "presence", ...header, store: 81, ticketSet: "e3b0c442" }, new Uint8Array(64));
  const label = encode({ kind: "label", handle: HANDLES.cleo, n: 1, of: 1 }, new Uint8Array(12));

  assert.deepEqual([presence, label, "MP1:ABC", "1Z999"].map(isPhonesCode), [true, false, false, false]);
});

test("parcels whose step is kept here count already", () => {
  const pending = [kept("/parcels/dlv_1/1/take-in", { text: "x", visit_id: "vis_1" }), kept("/parcels/dlv_2/1/take-in", { text: "y", visit_id: null })];

  assert.equal(visitNow({ visit: VISIT }, pending, NOW)?.parcelCount, 3);
});

test("a visit is over after its time, and gone once somebody has ended it", () => {
  assert.equal(visitNow({ visit: VISIT }, [], Date.parse(VISIT.ends_at) - 1)?.isOpen, true);
  assert.equal(visitNow({ visit: VISIT }, [], Date.parse(VISIT.ends_at))?.isOpen, false);
  assert.equal(visitNow({ visit: VISIT }, [kept(endPath(VISIT))], NOW), null);
  assert.equal(visitNow({ visit: null }, [], NOW), null);
});

test("a state that was kept before visits has none", () => {
  assert.equal(visitNow({} as { visit: null }, [], NOW), null);
});
