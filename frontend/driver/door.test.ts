import assert from "node:assert/strict";
import { createCipheriv, createHash } from "node:crypto";
import { test } from "node:test";
import { isCollectedHere, openDoor } from "./door";
import { HANDLES, dropoff, pendingStep, pickup, pickupDelivery, runOf } from "./samples";

const TICKET = "MP1:TICKET";
const DETAILS = { unit: "4B", instructions: "Gate code 1221, ring “Núñez”" };
const { delivery } = dropoff("stp_3", 3);
const COUNTER = pickup("stp_1", 1, [pickupDelivery(HANDLES.maria)]);
const run = { ...runOf([COUNTER]), tickets: [{ handle: HANDLES.maria, text: TICKET }] };

/** As the server seals: nonce, ciphertext, tag. */
function sealed(ticket: string): string {
  const nonce = Buffer.alloc(12, 7);
  const cipher = createCipheriv("aes-256-gcm", createHash("sha256").update(ticket).digest(), nonce);
  return Buffer.concat([nonce, cipher.update(JSON.stringify(DETAILS)), cipher.final(), cipher.getAuthTag()]).toString("base64");
}

test("unit and instructions are opened with the delivery's ticket", async () => {
  assert.deepEqual(await openDoor({ ...delivery, sealed: sealed(TICKET) }, run), DETAILS);
});

test("without ticket, or sealed under another one, a door stays closed", async () => {
  assert.equal(await openDoor({ ...delivery, sealed: sealed("MP1:OTHER") }, run), null);
  assert.equal(await openDoor({ ...delivery, sealed: sealed(TICKET) }, { ...run, tickets: [] }), null);
  assert.equal(await openDoor({ ...delivery, sealed: null }, run), null);
  assert.equal(await openDoor({ ...delivery, sealed: "no base64" }, run), null);
});

test("a door may be opened once its parcels are collected on this phone", () => {
  assert.equal(isCollectedHere(run, HANDLES.maria, []), false);
  assert.equal(isCollectedHere(run, HANDLES.maria, [pendingStep("/stops/stp_1/collect", { evidence: { kind: "assertion" } })]), true);
  assert.equal(isCollectedHere(run, HANDLES.ann, [pendingStep("/stops/stp_1/collect", { evidence: { kind: "assertion" } })]), false);
});
